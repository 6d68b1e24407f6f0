// What the recipe for TanStack Query uses of it, as it declares it.

export declare function useQuery<Data>(options: {
  readonly queryKey: readonly unknown[];
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Data>;
  readonly retry?: boolean | number;
  readonly staleTime?: number;
}): {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
};
