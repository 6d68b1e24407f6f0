/** The first of two types that is known. */
export type Known<First, Second> = unknown extends First ? Second : First;

/**
 * The same type. A result of it is not what it is assigned to: `const x: Promise<number> = waitForDone(…)` is an
 * error where the client returns something else. `NoInfer` needs TypeScript 5.4.
 */
export type Fixed<Type> = [Type][Type extends unknown ? 0 : never];
