/** The first of two types that is known. */
export type Known<First, Second> = unknown extends First ? Second : First;

/** The same type; what a result is assigned to does not decide which. `NoInfer` needs TypeScript 5.4. */
export type Fixed<Type> = [Type][Type extends unknown ? 0 : never];
