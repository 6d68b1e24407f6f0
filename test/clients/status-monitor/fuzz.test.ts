import fc from 'fast-check';
import { CallFailedError, ProtocolError, getOperation, statusFrom } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import { expect, test } from 'vitest';

import { repeats } from '../../support/repeats.js';
import { origin, responseOf, type Scripted } from './service.js';

// What the documents of monitors are made of, and what they are not.
const word = fc.constantFrom(
  'Succeeded',
  'failed',
  'Canceled',
  'running',
  'odd',
  '',
  '__proto__',
  'constructor',
);
const leaf = fc.oneof(word, fc.jsonValue({ maxDepth: 1 }));
const issue = fc.record(
  { severity: leaf, code: leaf, diagnostics: leaf, details: leaf },
  { requiredKeys: [] },
);
const outcome = fc.record(
  { resourceType: fc.constant('OperationOutcome'), issue: fc.oneof(leaf, fc.array(issue)) },
  { requiredKeys: ['resourceType'] },
);
const bundle = fc.record(
  {
    resourceType: fc.constant('Bundle'),
    entry: fc.oneof(
      leaf,
      fc.array(
        fc.oneof(
          leaf,
          fc.record(
            {
              resource: fc.oneof(leaf, outcome),
              response: fc.record(
                { status: leaf, outcome: fc.oneof(leaf, outcome) },
                { requiredKeys: [] },
              ),
            },
            { requiredKeys: [] },
          ),
        ),
      ),
    ),
  },
  { requiredKeys: ['resourceType'] },
);
const document = fc.record(
  {
    status: leaf,
    state: leaf,
    id: leaf,
    error: fc.oneof(leaf, fc.record({ code: leaf, message: leaf, details: leaf })),
    errors: fc.oneof(leaf, fc.array(leaf)),
    properties: fc.record(
      { provisioningState: leaf, error: leaf, code: leaf },
      { requiredKeys: [] },
    ),
    data: fc.oneof(
      leaf,
      fc.record({ type: leaf, id: leaf, attributes: fc.oneof(leaf, fc.record({ status: leaf })) }),
    ),
    percentComplete: leaf,
    resourceLocation: fc.oneof(leaf, fc.webUrl(), fc.constant('/other')),
  },
  { requiredKeys: [] },
);
const answer: fc.Arbitrary<Scripted> = fc.record({
  status: fc.constantFrom(
    200,
    201,
    202,
    204,
    206,
    300,
    301,
    302,
    303,
    304,
    307,
    400,
    401,
    404,
    410,
    429,
    500,
    503,
  ),
  body: fc.oneof(document, outcome, bundle, fc.jsonValue(), fc.string(), fc.constant(undefined)),
  headers: fc.record(
    {
      location: fc.oneof(fc.webUrl(), fc.constant('/other'), fc.constant('https://')),
      'operation-location': fc.webPath(),
      'x-progress': fc.constantFrom('50%', '-1%', 'x'.repeat(999), '1e9 %'),
      'retry-after': fc.constantFrom('1', 'soon', '-1'),
      'content-type': fc.constantFrom('text/html', 'text/plain', 'application/json', ''),
    },
    { requiredKeys: [] },
  ),
});

const silent = ({ status = 200, body, headers = {} }: Scripted): Scripted =>
  [204, 304].includes(status) ? { status, headers } : { status, body, headers };

test('whatever a monitor answers, there is an operation or an error that says why', async () => {
  const kinds = fc.constantFrom(
    'status',
    'http',
    'document&own=%2F1',
    'resource',
    'status&result=/film&guess=1',
    'http&result=/film&fixed=1',
    'document&fixed=1&delete=1',
  );
  await fc.assert(
    fc.asyncProperty(
      kinds,
      fc.array(answer, { minLength: 1, maxLength: 4 }),
      async (kind, answers) => {
        let count = 0;
        const client = statusMonitorClient({
          fetch: async (url) => {
            expect(new URL(url).origin).toBe(origin);
            count += 1;
            return responseOf(silent(answers[Math.min(count, answers.length) - 1]!), url);
          },
        });
        const name = `${origin}/monitor#rx-lro=1&kind=${kind}`;
        try {
          // What comes is an operation by the rules of the core, too.
          const operation = await getOperation(client, name, { retry: { numOfAttempts: 1 } });
          expect(operation.name).toBe(name);
        } catch (error) {
          const isKnown = error instanceof CallFailedError || error instanceof ProtocolError;
          if (!isKnown) throw error;
          expect(String((error.cause as Error | undefined)?.name)).not.toMatch(
            /^(Type|Range|Syntax)Error$/,
          );
        }
        expect(count).toBeLessThanOrEqual(13);
      },
    ),
    { numRuns: repeats(2_000) },
  );
});

test('whatever a start call answers, there is an operation or an error that says why', async () => {
  await fc.assert(
    fc.asyncProperty(
      answer,
      fc.constantFrom('GET', 'PUT', 'POST', undefined),
      async (scripted, method) => {
        const client = statusMonitorClient();
        const response = responseOf(silent(scripted), `${origin}/films/42`);
        try {
          const { name, done } = await client.operation(response, { method });
          expect(typeof done).toBe('boolean');
          expect(name).toContain(origin);
        } catch (error) {
          const isKnown = error instanceof CallFailedError || error instanceof ProtocolError;
          if (!isKnown) throw error;
          expect(statusFrom(error).code).not.toBe(0);
        }
      },
    ),
    { numRuns: repeats(2_000) },
  );
});
