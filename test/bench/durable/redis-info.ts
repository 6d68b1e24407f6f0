import { Redis } from 'ioredis';

/** The memory that a Redis uses, in bytes. */
export interface RedisMemory {
  readonly now: number;
  readonly peak: number;
}

/** Asks a Redis for its memory. */
export async function memoryOf(port: number): Promise<RedisMemory> {
  const redis = new Redis({ host: '127.0.0.1', port });
  const info = await redis.info('memory');
  await redis.quit();
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? NaN);
  return { now: field('used_memory'), peak: field('used_memory_peak') };
}
