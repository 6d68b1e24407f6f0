/** Where Node keeps an async context: what AsyncLocalStorage finds on the way. */
interface AsyncResource {
  runInAsyncScope<Result>(work: () => Result): Result;
}

interface AsyncResourceClass {
  new (type: string): AsyncResource;
  readonly prototype: Partial<AsyncResource>;
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
    ) => { readonly AsyncResource?: AsyncResourceClass } | undefined;
  };
  readonly Zone?: { readonly current?: Zone };
}

/** An async context that was remembered; undefined where the platform has none. @internal */
export type AsyncContext = AsyncResource | Zone | undefined;

/** Remembers the async context of its caller: that of AsyncLocalStorage, and the zone of zone.js. @internal */
export function captureContext(): AsyncContext {
  try {
    const { process, Zone } = globalThis as Platform;
    const current = Zone?.current;
    const zone = typeof current?.run === 'function' ? current : undefined;
    // Asked for at run time: browsers have no such module to import. `AsyncLocalStorage.snapshot` would take
    // thirty times the memory, which counts where many waits share a signal.
    const Resource = process?.getBuiltinModule?.('node:async_hooks')?.AsyncResource;
    if (typeof Resource?.prototype.runInAsyncScope !== 'function') return zone;
    const resource = new Resource('rx-lro');
    if (zone === undefined) return resource;
    return { run: (work) => resource.runInAsyncScope(() => zone.run(work)) };
  } catch {
    // Globals of these names that are something else must not keep a wait from its signal.
    return undefined;
  }
}

/** Runs something in a context that was remembered, or as it is where there is none. @internal */
export function runInContext<Result>(context: AsyncContext, work: () => Result): Result {
  if (context === undefined) return work();
  return 'run' in context ? context.run(work) : context.runInAsyncScope(work);
}
