import { hashOf } from '../../step/hash.js';

// PostgreSQL cannot index long ids.
const LONGEST = 200;

/** Makes the id of the job that is the wait for an operation. */
export function waitIdOf(name: string): string {
  return `wait-${idOf(name)}`;
}

/** Makes the id of the job that wakes a wait. */
export function wakeIdOf(name: string): string {
  return `wake-${idOf(name)}`;
}

/** BullMQ takes no `:` in an id. Each other unit is escaped with the same number of digits, so two names have two ids. */
function idOf(name: string): string {
  const id = name.replace(
    /[^\w./-]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return id.length <= LONGEST ? id : `${id.slice(0, LONGEST - 40)}~${hashOf(name)}`;
}
