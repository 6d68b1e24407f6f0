/* oxlint-disable import/no-unassigned-import -- a test file is imported to run its tests here too */
import { vi } from 'vitest';
import type * as Rules from '../../src/core/wait/rules.js';

// The tests of waits once more, with the facts of every wait as JSON after every event.
import './abort.test.js';
import './call-timeout.test.js';
import './callbacks.test.js';
import './calls.test.js';
import './cancel.test.js';
import './closed-subscribers.test.js';
import './events.test.js';
import './hold.test.js';
import './list.test.js';
import './poll.test.js';
import './promises.test.js';
import './re-entrance.node.test.js';
import './timeout.test.js';
import './wait-for-done.test.js';

vi.mock('../../src/core/wait/rules.js', async (importOriginal) => {
  const rules = await importOriginal<typeof Rules>();
  const decide: typeof Rules.decide = (facts, ...rest) => {
    const step = rules.decide(facts, ...rest);
    const stored: object = JSON.parse(JSON.stringify(facts)) as object;
    for (const key of Object.keys(facts)) Reflect.deleteProperty(facts, key);
    Object.assign(facts, stored);
    return step;
  };
  return { ...rules, decide };
});
