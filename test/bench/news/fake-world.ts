const BEGIN = Date.UTC(2026, 0, 1);

/** A timer, with what Node's own have that anybody here could ask for. */
class FakeTimer {
  readonly work: () => void;
  readonly order: number;
  /** Of one that repeats. */
  readonly period: number | undefined;
  time: number;
  isCleared = false;

  constructor(work: () => void, order: number, time: number, period?: number) {
    this.work = work;
    this.order = order;
    this.time = time;
    this.period = period;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  isBefore(other: FakeTimer): boolean {
    return this.time < other.time || (this.time === other.time && this.order < other.order);
  }
}

/** Timers, the earliest first: a binary heap. */
class Agenda {
  readonly #timers: FakeTimer[] = [];

  add(timer: FakeTimer): void {
    const timers = this.#timers;
    let place = timers.push(timer) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (timers[parent]!.isBefore(timer)) break;
      timers[place] = timers[parent]!;
      place = parent;
    }
    timers[place] = timer;
  }

  take(): FakeTimer | undefined {
    const timers = this.#timers;
    const first = timers[0];
    const last = timers.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= timers.length) break;
      if (child + 1 < timers.length && timers[child + 1]!.isBefore(timers[child]!)) child += 1;
      if (last.isBefore(timers[child]!)) break;
      timers[place] = timers[child]!;
      place = child;
    }
    timers[place] = last;
    return first;
  }
}

/**
 * Does work in a world whose time and chance are made up: while it lasts, the timers, clocks and
 * `Math.random` of the global object are replaced, so that any package lives by them. Time goes on once
 * every promise is settled that can be, and jumps to the next timer.
 *
 * @param random - What `Math.random` gives.
 * @returns What the work gives. It fails when there is nothing more to wait for.
 */
export async function inFakeWorld<T>(random: () => number, work: () => Promise<T>): Promise<T> {
  const { setImmediate: realSetImmediate } = globalThis;
  const agenda = new Agenda();
  const immediates = new Set<object>();
  let now = 0;
  let count = 0;

  const start = (callback: Callback, delay: number, args: unknown[], repeats: boolean) => {
    // As Node does: a delay that it cannot count is 1.
    const span = delay >= 1 && delay <= 2 ** 31 - 1 ? delay : 1;
    const run = (): void => callback(...args);
    count += 1;
    const timer = new FakeTimer(run, count, now + span, repeats ? span : undefined);
    agenda.add(timer);
    return timer;
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof FakeTimer) timer.isCleared = true;
  };
  const restore = replaceGlobals({
    setTimeout: (callback: Callback, delay = 1, ...args: unknown[]) =>
      start(callback, delay, args, false),
    setInterval: (callback: Callback, delay = 1, ...args: unknown[]) =>
      start(callback, delay, args, true),
    clearTimeout: clear,
    clearInterval: clear,
    setImmediate: (callback: Callback, ...args: unknown[]) => {
      const key = {};
      immediates.add(key);
      realSetImmediate(() => {
        if (immediates.delete(key)) callback(...args);
      });
      return key;
    },
    clearImmediate: (key: object) => void immediates.delete(key),
    dateNow: () => BEGIN + now,
    performanceNow: () => now,
    random,
  });
  // A turn of the real event loop comes after all promises, however long their chains are.
  const settle = async (): Promise<void> => {
    do {
      await new Promise((resolve) => realSetImmediate(resolve));
    } while (immediates.size > 0);
  };

  try {
    const end = { reached: false };
    const result = work().finally(() => (end.reached = true));
    // It is awaited below, and may fail before that.
    result.catch(() => undefined);
    await settle();
    while (!end.reached) {
      const timer = agenda.take();
      if (timer === undefined) throw new Error('There is nothing more to wait for');
      if (timer.isCleared) continue;
      now = timer.time;
      if (timer.period !== undefined) {
        timer.time += timer.period;
        agenda.add(timer);
      }
      timer.work();
      await settle();
    }
    return await result;
  } finally {
    restore();
  }
}

type Callback = (...args: unknown[]) => void;

interface Replacements extends Record<string, unknown> {
  readonly dateNow: () => number;
  readonly performanceNow: () => number;
  readonly random: () => number;
}

function replaceGlobals(replacements: Replacements): () => void {
  const { dateNow, performanceNow, random, ...timers } = replacements;
  const undo = [
    ...Object.entries(timers).map(([name, value]) => replace(globalThis, name, value)),
    replace(Date, 'now', dateNow),
    replace(performance, 'now', performanceNow),
    replace(Math, 'random', random),
  ];
  return () => undo.forEach((each) => each());
}

function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
