// What the recipe for React uses of it: declared as React does, with as much behind it as one hook needs to run.

interface Slot {
  value?: unknown;
  dependencies?: readonly unknown[] | undefined;
  cleanUp?: (() => void) | undefined;
}

let slots: Slot[] = [];
let next = 0;
let effects: (() => void)[] = [];
let rerender: () => void = () => undefined;

function slot(initial: () => Slot): Slot {
  const found = (slots[next] ??= initial());
  next += 1;
  return found;
}

export function useState<State>(initial: State): [State, (next: State) => void] {
  const state = slot(() => ({ value: initial }));
  const render = rerender;
  const set = (value: State): void => {
    state.value = value;
    render();
  };
  return [state.value as State, set];
}

export function useRef<Value>(initial: Value): { current: Value } {
  return slot(() => ({ value: { current: initial } })).value as { current: Value };
}

export function useEffect(
  effect: () => (() => void) | void,
  dependencies?: readonly unknown[],
): void {
  const own = slot(() => ({}));
  const before = own.dependencies;
  if (before !== undefined && dependencies?.every((each, index) => each === before[index])) return;
  own.dependencies = dependencies;
  effects.push(() => {
    own.cleanUp?.();
    own.cleanUp = effect() ?? undefined;
  });
}

/** A component of one hook. */
export interface Mounted<Props> {
  /** Renders it with other properties. */
  readonly update: (props: Props) => void;
  readonly unmount: () => void;
}

/** Mounts a component of one hook, and tells what each rendering gives. */
export function mount<Props, Result>(
  hook: (props: Props) => Result,
  first: Props,
  seen: (result: Result) => void,
): Mounted<Props> {
  const own: Slot[] = [];
  let props = first;
  const render = (): void => {
    [slots, next, effects, rerender] = [own, 0, [], render];
    seen(hook(props));
    for (const effect of effects) effect();
  };
  render();
  return {
    update: (changed) => {
      props = changed;
      render();
    },
    unmount: () => own.forEach(({ cleanUp }) => cleanUp?.()),
  };
}
