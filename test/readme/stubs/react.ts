// What the recipe for React uses of it, as React declares it.

export declare function useEffect(
  effect: () => (() => void) | void,
  deps?: readonly unknown[],
): void;
export declare function useState<State>(): [State | undefined, (next: State | undefined) => void];
export declare function useState<State>(initial: State): [State, (next: State) => void];
export declare function useRef<Value>(initial: Value): { current: Value };
