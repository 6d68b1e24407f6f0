// What the recipe for fakeAsync uses of it, which Angular takes from zone.js. Load `zone.js/testing` first.

interface FakeAsync {
  fakeAsync(test: () => void): () => void;
  tick(milliseconds?: number): void;
}

const { Zone } = globalThis as unknown as {
  Zone: Record<string, FakeAsync> & { __symbol__(name: string): string };
};

export const { fakeAsync, tick } = Zone[Zone.__symbol__('fakeAsyncTest')] as FakeAsync;
