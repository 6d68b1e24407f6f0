import { readFileSync } from 'node:fs';

import type { Costs } from './worker-options.js';

/** What this process has cost so far. */
export function ownCosts(roundTrips: number): Costs {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, memory: peakMemory(), roundTrips };
}

function peakMemory(): number {
  try {
    // What the system counts as the peak of a process includes the one that has started it; this does not.
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
