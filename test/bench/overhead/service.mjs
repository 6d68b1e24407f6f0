/**
 * Makes a service in memory whose answers are there at once: what is left to measure is the client.
 *
 * @param operations - How many there are.
 * @param callsEach - Which call of an operation is answered with "done".
 * @param hold - Which call of an operation is not answered. Default: none.
 */
export function makeService(operations, callsEach, hold = Infinity) {
  const names = Array.from({ length: operations }, (_, index) => `operations/${index}`);
  const calls = new Map(names.map((name) => [name, 0]));
  // A connection holds on to whoever waits for an answer of it.
  const held = names.map(() => undefined);
  let made = 0;
  let wanted = Infinity;
  let onWanted = () => {};
  return {
    names,
    get: (name) => {
      const call = calls.get(name) + 1;
      calls.set(name, call);
      made += 1;
      if (made >= wanted) onWanted();
      if (call >= hold) return new Promise((resolve) => void held.push(resolve));
      const done = call >= callsEach;
      // A fresh object each time, as whatever comes over a wire is.
      return Promise.resolve(done ? { name, done, response: {} } : { name, done });
    },
    /** Waits until so many calls were made of each operation, in the mean. */
    untilCalled: (times) => {
      wanted = times * operations;
      return new Promise((resolve) => {
        onWanted = resolve;
      });
    },
  };
}
