import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';
import { expect, test } from 'vitest';

import { root } from '../support/entry-points.js';

const text = readFileSync(join(root, 'src/index.ts'), 'utf8');
const { statements } = ts.createSourceFile('index.ts', text, ts.ScriptTarget.Latest);

const names = statements.flatMap((statement) => {
  const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
  return clause !== undefined && ts.isNamedExports(clause)
    ? clause.elements.map(({ name }) => name.text)
    : [];
});

test('the main entry point exports at most 58 names, each once', () => {
  expect(names).toContain('poll');
  expect(names).toEqual([...new Set(names)]);
  expect(names.length).toBeLessThanOrEqual(58);
});

test('it exports nothing but single names', () => {
  const kinds = statements.map((statement) => {
    const isList =
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      ts.isNamedExports(statement.exportClause);
    return isList ? 'a list of names' : ts.SyntaxKind[statement.kind];
  });
  expect([...new Set(kinds)]).toEqual(['a list of names']);
});

test('the names stand in two blocks: to use it, and to plug in or extend', () => {
  const headings = text.split('\n').filter((line) => line.startsWith('//'));
  expect(headings).toEqual([
    expect.stringMatching(/^\/\/ To use it:/),
    expect.stringMatching(/^\/\/ To plug in or extend:/),
  ]);
});
