import type { Operation } from '../core/operation.js';
import { copyOf } from '../core/values/copy.js';
import { connectService, type ConnectService, type ConnectStatus } from './connect-service.js';
import { Exchange, type FakeCall } from './exchange.js';
import { fakeClient, type FakeClient, type MakeCall } from './fake-client.js';
import { fakeFetch, type FakeFetch } from './fetch-handler.js';
import { checkFault, type Fault } from './fault.js';
import { grpcService, type GrpcService } from './grpc-service.js';
import type { OperationScript } from './operation-script.js';
import { resolveOptions, type FakeOperationsOptions } from './options.js';
import { Service } from './service.js';

/** The parts of a fake service. @internal */
export interface Parts {
  readonly exchange: Exchange;
  readonly service: Service;
  readonly makeCall: MakeCall;
}

/**
 * The whole service `google.longrunning.Operations` in memory, for tests: operations that follow a
 * script, faults on demand, and a log of the calls. With a `VirtualTime` as its scheduler, hours take
 * milliseconds. The state of an operation depends on its script, the calls and the clock alone.
 *
 * @example
 * ```ts
 * import { waitForDone } from 'rx-lro';
 * import { FakeOperations, VirtualTime } from 'rx-lro/testing';
 *
 * const time = new VirtualTime();
 * const fake = new FakeOperations({ scheduler: time });
 * const operation = fake.start({ duration: 60_000, progress: true, response: 'made' });
 * fake.fail({ method: 'get', times: 2 });
 * const wait = waitForDone(fake.client, operation, { scheduler: time });
 * await time.runUntil(wait); // 'made', after two failures that were survived
 * ```
 */
export class FakeOperations {
  /** The service as a client, for `poll`, `waitForDone` and the others. */
  readonly client: FakeClient;
  /**
   * The service as a `fetch`, for a REST client or an HTTP server. It has the
   * standard paths (`GET v1/{name}`, `GET v1/{parent}/operations`, `DELETE v1/{name}`,
   * `POST v1/{name}:cancel`, `POST v1/{name}:wait`) on any origin, with any version before them. The
   * header `x-http-method-override` of a POST replaces its method; with GET the body is the query. Errors come
   * in the form of version 2, or of version 1 with the query parameter `$.xgafv=1`. It needs no `this`.
   */
  readonly fetch: FakeFetch;
  /**
   * The service for a gRPC server: `server.addService(definition, fake.grpc)` of `@grpc/grpc-js`, with
   * the definition that proto-loader, ts-proto or google-gax has of it. A `response` or `metadata` that is
   * plain in a script travels as an Any of `google.protobuf.Value`, which `plainOf` reads; one that is an
   * Any in binary form (`typeUrl` or `type_url`, and `value`) travels as it is. A Status goes with its
   * details. A fault of the network is UNAVAILABLE: a handler cannot break the connection.
   */
  readonly grpc: GrpcService;
  /**
   * A function: a Proxy of the object, or one that has it as its prototype, shares them with it.
   *
   * @internal
   */
  readonly parts: () => Parts;

  /**
   * @param options - How the service behaves.
   * @throws RangeError or TypeError that names the option and its value.
   */
  constructor(options: FakeOperationsOptions = {}) {
    const settings = resolveOptions(options);
    const exchange = new Exchange(settings.scheduler, settings.latency);
    const service = new Service(settings);
    const makeCall: MakeCall = (request, signal) =>
      exchange.make(request.method, request.name, signal, service.act(request));
    this.client = fakeClient(makeCall, settings.wait);
    this.fetch = fakeFetch(makeCall);
    this.grpc = grpcService(makeCall);
    const parts: Parts = { exchange, service, makeCall };
    this.parts = () => parts;
  }

  /**
   * Makes the service for a Connect router: `router.service(Operations, fake.connect(toError))` of
   * Connect-ES version 2. Values travel as over gRPC.
   *
   * @param toError - Makes the `ConnectError` of a Status, as in
   * `({ message, code, details }) => Object.assign(new ConnectError(message, code), { details })`.
   * @returns The implementation.
   */
  connect(toError: (status: ConnectStatus) => Error): ConnectService {
    return connectService(this.parts().makeCall, toError);
  }

  /** All calls so far, in order; those that were aborted beforehand too. A new list each time. */
  get calls(): readonly FakeCall[] {
    return copyOf(this.parts().exchange.calls);
  }

  /** How many calls are neither answered nor aborted yet. */
  get inFlight(): number {
    return this.parts().exchange.inFlight;
  }

  /**
   * Starts an operation, as the start call of a service does.
   *
   * @param script - What happens to it. Default: it never ends.
   * @returns The first snapshot.
   * @throws RangeError or TypeError that names the option and its value, with no operation started.
   */
  start(script: OperationScript = {}): Operation {
    return this.parts().service.start(script);
  }

  /**
   * Sets a fault. Of several that match a call, the one that was set first applies.
   *
   * @param fault - Which calls it applies to, and what happens to them. Default: the next call fails with
   * UNAVAILABLE.
   * @returns Takes the fault away again.
   * @throws RangeError or TypeError that names the option and its value, with no fault set.
   *
   * @example
   * ```ts
   * import { FakeOperations } from 'rx-lro/testing';
   *
   * const fake = new FakeOperations();
   * fake.fail({ method: 'get', times: 3, retryAfter: 2_000 }); // three times UNAVAILABLE
   * fake.fail({ from: 10_000, until: 130_000, network: true }); // an outage of two minutes
   * fake.fail({ method: 'cancel', afterEffect: true, hang: true }); // cancelled, but never said so
   * ```
   */
  fail(fault: Fault = {}): () => void {
    checkFault(fault);
    return this.parts().exchange.faults.add(fault);
  }
}
