import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from '../../src/fleet/heap.js';

interface Item {
  place: number | undefined;
  key: number;
}

const changes = fc.array(fc.tuple(fc.nat(15), fc.option(fc.nat(20))), { maxLength: 100 });

it('has the least item first, whatever is put in, moved and taken out', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const heap = new Heap<Item>((a, b) => a.key < b.key);
      const items = Array.from({ length: 16 }, (): Item => ({ place: undefined, key: 0 }));
      const inside = new Set<Item>();
      for (const [index, key] of all) {
        const item = items[index]!;
        if (key === null) {
          heap.remove(item);
          inside.delete(item);
        } else {
          item.key = key;
          heap.put(item);
          inside.add(item);
        }
        const least = Math.min(...[...inside].map((each) => each.key));
        expect(heap.size).toBe(inside.size);
        expect(heap.first?.key ?? Infinity).toBe(least);
        const count = [...inside].filter((each) => each.key <= 10).length;
        expect(heap.hasMoreThan(count, (each) => each.key <= 10)).toBe(false);
        expect(heap.hasMoreThan(count - 1, (each) => each.key <= 10)).toBe(count > 0);
      }
    }),
  );
});
