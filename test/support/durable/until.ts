import { setTimeout as pause } from 'node:timers/promises';

/** How `until` waits: in milliseconds. */
export interface Patience {
  /** For how long. */
  readonly within: number;
  /** What has not come true, for the error. */
  readonly what: string;
  /** Between two questions. Default: 50. */
  readonly every?: number;
}

/** Asks again and again until the answer is true, or throws. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  { within, what, every = 50 }: Patience,
): Promise<void> {
  const end = performance.now() + within;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Not within ${within} ms: ${what}`);
    await pause(every);
  }
}
