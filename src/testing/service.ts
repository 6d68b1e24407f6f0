import {
  Subject,
  defer,
  of,
  race,
  switchMap,
  take,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { ListOperationsRequest, WaitOperationRequest } from '../core/client.js';
import type { Operation } from '../core/operation.js';
import { Code } from '../core/status/code.js';
import { MAX_DELAY } from '../core/platform/clock.js';
import { copyOf } from '../core/values/copy.js';
import type { OperationScript } from './operation-script.js';
import { checkScript } from './script-check.js';
import type { Settings } from './options.js';
import { pageOf } from './pages.js';
import { invalid, refusal, type Answer, type Reply } from './reply.js';
import {
  doneAt,
  momentAt,
  timelineOf,
  withCancel,
  type Moment,
  type Timeline,
} from './timeline.js';

interface Entry {
  readonly order: number;
  readonly script: OperationScript;
  readonly visibleFrom: number;
  readonly timeline: Timeline;
}

/** A request to the service, over any transport. */
export type ServiceRequest =
  | { readonly method: 'get' | 'cancel' | 'delete'; readonly name: string }
  | ({ readonly method: 'list' } & ListOperationsRequest)
  | WaitRequest;

/** A request to WaitOperation. */
export type WaitRequest = { readonly method: 'wait' } & WaitOperationRequest;

/** The operations, and what each method does to them. @internal */
export class Service {
  readonly #settings: Settings;
  readonly #scheduler: SchedulerLike;
  readonly #entries = new Map<string, Entry>();
  readonly #changes = new Subject<void>();
  #started = 0;
  #lastId = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#scheduler = settings.scheduler;
  }

  start(given: OperationScript): Operation {
    checkScript(given);
    const script = copyOf(given);
    const name = script.name ?? this.#newName();
    if (this.#entries.has(name)) {
      throw new RangeError(
        `Option \`name\` must be new: there is an operation ${JSON.stringify(name)}.`,
      );
    }
    const now = this.#scheduler.now();
    const timeline = timelineOf(name, script, now);
    const visibleFrom = script.hiddenFor === undefined ? -Infinity : now + script.hiddenFor;
    this.#entries.set(name, { order: this.#started, script, visibleFrom, timeline });
    this.#started += 1;
    return copyOf(momentAt(timeline, now).operation);
  }

  /** Has the effect of a call when it is subscribed, and emits the reply. */
  act(request: ServiceRequest): Observable<Reply> {
    return defer(() =>
      request.method === 'wait' ? this.#wait(request) : of(this.#reply(request)),
    );
  }

  #reply(request: Exclude<ServiceRequest, WaitRequest>): Reply {
    if (request.method === 'list') return this.#list(request);
    const { method, name } = request;
    const entry = this.#find(name);
    if (entry === undefined) {
      return refusal(Code.NOT_FOUND, `There is no operation ${JSON.stringify(name)}.`);
    }
    if (method === 'get') {
      const { operation, pollAfter } = this.#momentOf(entry);
      return { ...answer(operation), pollAfter };
    }
    if (method === 'cancel') return this.#cancel(name, entry);
    this.#entries.delete(name);
    this.#changes.next();
    return answer({});
  }

  #list(request: ListOperationsRequest): Reply {
    const visible = [...this.#entries.keys()].flatMap((name) => this.#find(name) ?? []);
    const all = visible.map((entry) => ({ ...this.#momentOf(entry), order: entry.order }));
    return pageOf(all, request, this.#settings);
  }

  #cancel(name: string, entry: Entry): Reply {
    const { onCancel = 'honour', cancelAfter = 0 } = entry.script;
    if (onCancel === 'refuse') {
      return refusal(Code.UNIMPLEMENTED, `The operation ${name} cannot be cancelled.`);
    }
    if (onCancel === 'honour') {
      const timeline = withCancel(entry.timeline, this.#scheduler.now() + cancelAfter);
      this.#entries.set(name, { ...entry, timeline });
      this.#changes.next();
    }
    return answer({});
  }

  #wait({ name, timeout = Infinity }: WaitRequest): Observable<Reply> {
    if (!this.#settings.wait) {
      return of(refusal(Code.UNIMPLEMENTED, 'The service has no WaitOperation.'));
    }
    if (!(timeout >= 0)) {
      return of(invalid(`The timeout must be 0 or more; it is ${timeout} ms.`));
    }
    const deadline = this.#scheduler.now() + Math.min(timeout, this.#settings.maxWait);
    const answerInTime = (): Observable<Reply> => {
      const entry = this.#find(name);
      const end = entry === undefined ? 0 : doneAt(entry.timeline);
      const left = Math.min(end, deadline) - this.#scheduler.now();
      if (left <= 0) return of(this.#reply({ method: 'get', name }));
      // A cancel may end the operation earlier, and a delete removes it.
      const next = race(timer(Math.min(left, MAX_DELAY), this.#scheduler), this.#changes);
      return next.pipe(take(1), switchMap(answerInTime));
    };
    return answerInTime();
  }

  #find(name: string): Entry | undefined {
    const entry = this.#entries.get(name);
    return entry !== undefined && this.#scheduler.now() >= entry.visibleFrom ? entry : undefined;
  }

  #momentOf(entry: Entry): Moment {
    return momentAt(entry.timeline, this.#scheduler.now());
  }

  #newName(): string {
    const { parent } = this.#settings;
    const collection = parent === undefined ? 'operations' : `${parent}/operations`;
    do this.#lastId += 1;
    while (this.#entries.has(`${collection}/${this.#lastId}`));
    return `${collection}/${this.#lastId}`;
  }
}

function answer(value: unknown): Answer {
  return { kind: 'answer', value };
}
