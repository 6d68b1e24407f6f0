import type { Nodes } from './nodes.js';
import { longestDelayAt, type PlanSettings } from './options.js';
import { at, firstFrom } from './table.js';

/**
 * Finds the calls that cost least when a call costs as much as a delay of `worth`: the optimum checking
 * schedule of Barlow, Hunter and Proschan, by going back from the last node and asking each time where
 * when to call next.
 *
 * Source: R. Barlow, L. Hunter, F. Proschan, Optimum checking procedures, J. SIAM 11 (1963) 1078-1095.
 *
 * @param worth - Milliseconds.
 * @returns Milliseconds, ascending; the last is the last node.
 * @internal
 */
export function optimumCalls(nodes: Nodes, worth: number, settings: PlanSettings): Float64Array {
  const { times, ended, moment } = nodes;
  const last = times.length - 1;
  const costs = new Float64Array(last + 1);
  const nexts = new Float64Array(last + 1).fill(last);
  for (let i = last - 1; i >= 0; i -= 1) {
    const [time, part, sum] = [at(times, i), at(ended, i), at(moment, i)];
    const latest = time + longestDelayAt(settings, time);
    let best = Math.min(
      last,
      Math.max(i + 1, firstFrom(times, time + settings.plain.startingDelay)),
    );
    let least = Infinity;
    // After an earlier call the best next one is never later: the costs are a Monge array.
    const furthest = Math.max(best, at(nexts, i + 1));
    for (let j = best; j <= furthest; j += 1) {
      const call = at(times, j);
      if (call > latest && least < Infinity) break;
      const cost = call * (at(ended, j) - part) - (at(moment, j) - sum) + at(costs, j);
      if (cost >= least) continue;
      least = cost;
      best = j;
    }
    costs[i] = worth * (1 - part) + least;
    nexts[i] = best;
  }
  const calls: number[] = [];
  for (let i = at(nexts, 0); i < last; i = at(nexts, i)) calls.push(at(times, i));
  return Float64Array.from([...calls, at(times, last)]);
}
