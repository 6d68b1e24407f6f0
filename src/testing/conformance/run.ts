import { checkFunction, checkObject } from '../../core/values/check.js';
import { FakeOperations } from '../fake-operations.js';
import { VirtualTime } from '../virtual-time.js';
import { aborts } from './aborts.js';
import { cancels } from './cancels.js';
import { until } from './check.js';
import { failures } from './failures.js';
import { outcomes } from './outcomes.js';
import type { ConformanceScenario } from './scenario.js';
import type { ConformanceConnection, ConformanceSubject } from './subject.js';
import { values } from './values.js';

/** All scenarios, in the order of the table. */
export const conformanceScenarios: readonly ConformanceScenario[] = [
  ...outcomes,
  ...cancels,
  ...aborts,
  ...failures,
  ...values,
];

/** The result of one scenario. */
export type ConformanceResult = {
  /** The id of the scenario. */
  readonly id: string;
} & (
  | {
      /** The client kept the rule. */
      readonly outcome: 'passed';
    }
  | {
      /** It did not. */
      readonly outcome: 'failed';
      /** What went wrong. */
      readonly error: unknown;
    }
  | {
      /** It was not run. */
      readonly outcome: 'not applicable';
      /** Why it cannot apply. */
      readonly reason: string;
    }
);

/** The results of all scenarios. */
export interface ConformanceReport {
  /** The name of the subject. */
  readonly subject: string;
  /** One for each scenario, in their order. */
  readonly results: readonly ConformanceResult[];
}

/**
 * Runs one scenario against a kind of client, on a new service and connection. It has failed after about ten
 * seconds without a call, or after 200 calls.
 *
 * @param subject - The kind of client.
 * @param scenario - One of `conformanceScenarios`, or one of your own.
 * @returns The result. It rejects only when `notApplicable` names an unknown scenario or gives no reason.
 *
 * @example
 * ```ts
 * import { conformanceScenarios, runScenario, type ConformanceSubject } from 'rx-lro/testing';
 * import { expect, test } from 'vitest';
 *
 * const subject: ConformanceSubject = {
 *   name: 'My client',
 *   connect: async (fake) => ({ client: fake.client, close: async () => undefined }),
 *   notApplicable: {
 *     'server-gone': 'There is no server.',
 *     cause: 'There is no other error.',
 *   },
 * };
 * test.each(conformanceScenarios)('$title', async (scenario) => {
 *   expect(await runScenario(subject, scenario)).not.toHaveProperty('error');
 * });
 * ```
 */
export async function runScenario(
  subject: ConformanceSubject,
  scenario: ConformanceScenario,
): Promise<ConformanceResult> {
  checkSubject(subject);
  const { id } = scenario;
  const reason = subject.notApplicable?.[id];
  if (reason !== undefined) return { id, outcome: 'not applicable', reason };
  try {
    await connectAndRun(subject, scenario);
    return { id, outcome: 'passed' };
  } catch (error) {
    return { id, outcome: 'failed', error };
  }
}

/**
 * Runs all scenarios against a kind of client, one after the other.
 *
 * @param subject - The kind of client.
 * @returns The results. It rejects only when `notApplicable` names an unknown scenario or gives no reason.
 *
 * @example
 * ```ts
 * import { conformanceTable, runConformance, type ConformanceSubject } from 'rx-lro/testing';
 *
 * declare const subject: ConformanceSubject;
 * console.log(conformanceTable([await runConformance(subject)]));
 * ```
 */
export async function runConformance(subject: ConformanceSubject): Promise<ConformanceReport> {
  const results: ConformanceResult[] = [];
  for (const scenario of conformanceScenarios) results.push(await runScenario(subject, scenario));
  return { subject: subject.name, results };
}

async function connectAndRun(
  subject: ConformanceSubject,
  scenario: ConformanceScenario,
): Promise<void> {
  const { parent = 'projects/p', response = (value: unknown): unknown => value } = subject;
  const operationName =
    subject.operationName ?? ((id: string): string => `projects/p/operations/${id}`);
  const time = new VirtualTime();
  const fake = new FakeOperations({ scheduler: time, ...scenario.service });
  let isOver = false;
  // It rejects, or resolves when the race is over.
  const stuck = until(fake, 'it ends', () => isOver) as Promise<never>;
  let connection: ConformanceConnection | undefined;
  try {
    connection = await Promise.race([subject.connect(fake), stuck]);
    const { client, kill } = connection;
    const run = scenario.run({
      client,
      fake,
      time,
      parent,
      operationName,
      start: (script, id = 'a') => fake.start({ name: operationName(id), ...script }),
      plain: response,
      plainMetadata: subject.metadata ?? response,
      kill: async () => {
        if (kill === undefined) throw new Error('The connection has no method `kill`.');
        await kill();
      },
    });
    await Promise.race([run, stuck]);
  } finally {
    isOver = true;
    // Also when the scenario hangs: an open connection keeps the process alive.
    await connection?.close();
  }
}

function checkSubject(subject: ConformanceSubject): void {
  checkObject('subject', subject);
  checkFunction('subject.connect', subject.connect);
  const ids = new Set(conformanceScenarios.map(({ id }) => id));
  for (const [id, reason] of Object.entries(subject.notApplicable ?? {})) {
    if (!ids.has(id)) {
      throw new RangeError(`\`notApplicable\` has an id that is not a scenario: ${id}.`);
    }
    if (reason.trim() === '') {
      throw new RangeError(`\`notApplicable\` must give a reason for ${id}.`);
    }
  }
}
