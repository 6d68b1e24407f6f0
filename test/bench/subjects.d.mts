/** What a subject asks. */
export interface AskedService {
  get(name: string): Promise<{ readonly name: string; readonly done: boolean }>;
}

/** Waits for one operation. */
export type Wait = (name: string) => Promise<unknown>;

/**
 * Prepares a subject.
 *
 * @param delay - Between two calls, in milliseconds; absent means its own default.
 */
export type PrepareSubject = (service: AskedService, delay?: number) => Promise<Wait>;

export const subjects: Readonly<Record<string, PrepareSubject>>;
