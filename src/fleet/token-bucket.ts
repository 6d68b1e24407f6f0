/** How fast tokens come, and how many are kept. @internal */
export interface BucketLimits {
  /** Tokens per second, > 0. */
  readonly rate: number;
  /** The most that are kept, >= 1. */
  readonly burst: number;
}

/** The tokens that there were at a moment. @internal */
export interface Bucket {
  /** How many there were; a part of one counts. */
  readonly tokens: number;
  /** When, in milliseconds. */
  readonly time: number;
}

// What rounding may take away: a timer that comes in time must not find a token that is not whole yet.
const ROUNDING = 1e-9;

/** The bucket later on, with the tokens that have come since. @internal */
export function refill(bucket: Bucket, { rate, burst }: BucketLimits, now: number): Bucket {
  // A clock that is set back must take no tokens away.
  const elapsed = Math.max(0, now - bucket.time);
  return { tokens: Math.min(burst, bucket.tokens + (elapsed * rate) / 1000), time: now };
}

/** How long until there is a whole token, in milliseconds. @internal */
export function timeToToken({ tokens }: Bucket, { rate }: BucketLimits): number {
  return tokens >= 1 - ROUNDING ? 0 : ((1 - tokens) * 1000) / rate;
}

/** The bucket with one token less. @internal */
export function takeToken({ tokens, time }: Bucket): Bucket {
  return { tokens: Math.max(0, tokens - 1), time };
}
