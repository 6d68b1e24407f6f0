import { readFileSync, readdirSync } from 'node:fs';

import ts from 'typescript';
import { expect, test } from 'vitest';

import { root } from '../support/entry-points.js';

// What belongs to an object that users share between waits: a signal, and a client.
const allowed = [
  'core/platform/abort-signal.ts: listenersOf',
  'core/wait/hold.ts: clientsWithoutWait',
];

const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef']);

/** Whether a variable can hold what one wait leaves for another one. */
function isMutable({ initializer, type }: ts.VariableDeclaration): boolean {
  if (initializer === undefined || !ts.isNewExpression(initializer)) return false;
  if (type?.getText().startsWith('Readonly') === true) return false;
  return collections.has(initializer.expression.getText());
}

function stateOf(file: string): string[] {
  const text = readFileSync(`${root}src/${file}`, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  return source.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    const { declarations, flags } = statement.declarationList;
    const isConstant = (flags & ts.NodeFlags.Const) !== 0;
    return declarations
      .filter((declaration) => !isConstant || isMutable(declaration))
      .map(({ name }) => `${file}: ${name.getText()}`);
  });
}

test('no module holds what several waits read or write, but for what belongs to a shared object', () => {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
  expect(files.flatMap(stateOf).toSorted()).toEqual(allowed);
});
