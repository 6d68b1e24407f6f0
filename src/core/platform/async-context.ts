/** How Node keeps an async context, the one of AsyncLocalStorage. */
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

/** The globals of a platform that has them. Most have neither. */
interface Platform {
  readonly process?: {
    readonly getBuiltinModule?: (
      name: string,
    ) => { readonly AsyncResource?: AsyncResourceClass } | undefined;
  };
  readonly Zone?: { readonly current?: Zone };
}

/** A captured async context; undefined where the platform has no such thing. @internal */
export type AsyncContext = AsyncResource | Zone | undefined;

/** Captures the async context of its caller: that of AsyncLocalStorage, and the zone of zone.js. @internal */
export function captureContext(): AsyncContext {
  try {
    const { process, Zone } = globalThis as Platform;
    const current = Zone?.current;
    const zone = typeof current?.run === 'function' ? current : undefined;
    // Loaded at run time: browsers have no such module. `AsyncLocalStorage.snapshot` takes thirty times the
    // memory, which matters where many waits share a signal.
    const Resource = process?.getBuiltinModule?.('node:async_hooks')?.AsyncResource;
    if (typeof Resource?.prototype.runInAsyncScope !== 'function') return zone;
    const resource = new Resource('rx-lro');
    if (zone === undefined) return resource;
    return { run: (work) => resource.runInAsyncScope(() => zone.run(work)) };
  } catch {
    // Other globals with these names must not keep a wait from listening to its signal.
    return undefined;
  }
}

/** Runs a function in a captured context, if there is one. @internal */
export function runInContext<Result>(context: AsyncContext, work: () => Result): Result {
  if (context === undefined) return work();
  return 'run' in context ? context.run(work) : context.runInAsyncScope(work);
}
