import { createRequire } from 'node:module';

import { expect, it } from 'vitest';

import { entryPoints, root } from '../support/entry-points.ts';
import { runExample } from '../support/run-example.ts';

const example = `${root}examples/temporal/`;
const { bundleWorkflowCode } = createRequire(example)('@temporalio/worker');

it('waits as activities of Temporal, whose state is in their heartbeats', async () => {
  const { code, output, errors } = await runExample('temporal/run');
  expect(errors).toBe('');
  expect(output).toMatch(/^attempt 1: .* Next in 275 ms\.\nattempt 2: /);
  expect(output).toMatch(/\nThe film: { minutes: 90 }\n(attempt .*\n)*operations\/2: CANCELLED\n$/);
  expect(code).toBe(0);
});

// It refuses what is not allowed in a workflow, such as modules of Node.
it('reads a verdict in the code of a workflow', async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: `${example}workflow.ts`,
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
    webpackConfigHook: ({ resolve, ...config }) => {
      const alias = entryPoints.map(({ name, source }) => [`${name}$`, root + source]);
      const ours = { ...resolve.alias, ...Object.fromEntries(alias) };
      const extensionAlias = { '.js': ['.ts', '.js'] };
      return { ...config, resolve: { ...resolve, alias: ours, extensionAlias } };
    },
  });
  expect(code).toContain('OperationFailedError');
});
