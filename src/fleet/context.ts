/** Runs something in an async context, and gives what that gives. @internal */
export type RunInContext = <Result>(work: () => Result) => Result;

/** What platforms have for this. None has all of it, and older ones have nothing. */
interface Platform {
  readonly AsyncContext?: { readonly Snapshot?: new () => { readonly run: RunInContext } };
  readonly process?: { readonly getBuiltinModule?: (name: string) => AsyncHooks | undefined };
  readonly Zone?: { readonly current?: { readonly run: RunInContext } };
}

interface AsyncHooks {
  readonly AsyncLocalStorage?: { readonly snapshot?: () => RunInContext };
}

/**
 * Remembers the async context of its caller: that of AsyncContext or AsyncLocalStorage, and the zone of
 * zone.js. Where the platform has no async contexts, there is nothing to remember.
 *
 * @returns Runs something in that context.
 * @internal
 */
export function captureContext(): RunInContext {
  const { AsyncContext, process, Zone } = globalThis as Platform;
  const zone = Zone?.current;
  const inStorage =
    AsyncContext?.Snapshot === undefined
      ? // Asked for at run time: browsers have no such module to import.
        process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage?.snapshot?.()
      : runIn(new AsyncContext.Snapshot());
  const inZone = zone === undefined ? undefined : runIn(zone);
  if (inStorage === undefined || inZone === undefined) return inStorage ?? inZone ?? runAsIs;
  return (work) => inStorage(() => inZone(work));
}

function runIn(context: { readonly run: RunInContext }): RunInContext {
  return (work) => context.run(work);
}

function runAsIs<Result>(work: () => Result): Result {
  return work();
}
