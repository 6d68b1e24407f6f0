import type { Span } from './seen-duration.js';

/**
 * Tells whether the latest durations are of another kind than those before: several in a row that are
 * all shorter, or all longer, than nearly all before, which chance hardly brings about.
 *
 * @param spans - In the order of time.
 * @returns How many of the latest are of the new kind; 0 when nothing has changed.
 * @internal
 */
export function countSinceChange(spans: readonly Span[]): number {
  for (let count = 2; count <= MOST_LATEST && spans.length - count >= LEAST_BEFORE; count += 1) {
    const before = spans.slice(0, -count);
    const latest = spans.slice(-count);
    const shorter = latest.map(({ to }) => before.filter(({ from }) => from < to).length);
    const longer = latest.map(({ from }) => before.filter(({ to }) => to > from).length);
    for (const ranks of [shorter, longer]) {
      // How likely one is to be as far out as the least far out of them.
      const part = (Math.max(...ranks) + 1) / (before.length + 2);
      if (part ** count < CHANCE) return count;
    }
  }
  return 0;
}

const MOST_LATEST = 12;
const LEAST_BEFORE = 5;
const CHANCE = 1 / 2000;
