// What the recipe for OpenTelemetry uses of its API: declared as there, and written down for a test.

export const SpanStatusCode = { UNSET: 0, OK: 1, ERROR: 2 } as const;

export interface Span {
  end(): void;
  recordException(exception: Error): void;
  setStatus(status: { readonly code: number }): void;
}

/** What became of the spans, in the order of their starts. */
export const spans: { name: string; attributes: object; isError: boolean; ends: number }[] = [];

export const trace = {
  getTracer: (_name: string) => ({
    startSpan: (name: string, { attributes }: { readonly attributes: object }): Span => {
      const span = { name, attributes, isError: false, ends: 0 };
      spans.push(span);
      return {
        end: () => void (span.ends += 1),
        recordException: () => undefined,
        setStatus: ({ code }) => void (span.isError = code === SpanStatusCode.ERROR),
      };
    },
  }),
};
