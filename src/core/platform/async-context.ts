/** Where Node keeps an async context: what AsyncLocalStorage finds on the way. */
interface AsyncResource {
  runInAsyncScope<Result>(work: () => Result): Result;
}

/** The same for zone.js. */
interface Zone {
  run<Result>(work: () => Result): Result;
}

/** What platforms have for this. Most have neither. */
interface Platform {
  readonly process?: {
    readonly getBuiltinModule?: (
      name: string,
    ) => { readonly AsyncResource?: new (type: string) => AsyncResource } | undefined;
  };
  readonly Zone?: { readonly current?: Zone };
}

/** An async context that was remembered; undefined where the platform has none. @internal */
export type AsyncContext = AsyncResource | Zone | undefined;

/** Remembers the async context of its caller: that of AsyncLocalStorage, and the zone of zone.js. @internal */
export function captureContext(): AsyncContext {
  const { process, Zone } = globalThis as Platform;
  const zone = Zone?.current;
  // Asked for at run time: browsers have no such module to import. `AsyncLocalStorage.snapshot` would take
  // thirty times the memory, which counts where many waits share a signal.
  const Resource = process?.getBuiltinModule?.('node:async_hooks')?.AsyncResource;
  const resource = Resource && new Resource('rx-lro');
  if (resource === undefined || zone === undefined) return resource ?? zone;
  return { run: (work) => resource.runInAsyncScope(() => zone.run(work)) };
}

/** Runs something in a context that was remembered, or as it is where there is none. @internal */
export function runInContext<Result>(context: AsyncContext, work: () => Result): Result {
  if (context === undefined) return work();
  return 'run' in context ? context.run(work) : context.runInAsyncScope(work);
}
