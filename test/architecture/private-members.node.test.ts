import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';
import { expect, test } from 'vitest';

import { root } from '../support/entry-points.js';

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);
}

/** The classes of a file that are part of the public declarations. */
function publicClasses(file: string): ts.ClassDeclaration[] {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  return source.statements.filter(
    (statement) =>
      ts.isClassDeclaration(statement) &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true &&
      !ts.getJSDocTags(statement).some(({ tagName }) => tagName.text === 'internal'),
  ) as ts.ClassDeclaration[];
}

function isPrivate(member: ts.ClassElement): boolean {
  const name = ts.getNameOfDeclaration(member);
  const flags = ts.getCombinedModifierFlags(member);
  return (
    (name !== undefined && ts.isPrivateIdentifier(name)) ||
    (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0
  );
}

// A Proxy has no private fields, and two copies of a class with private members do not fit each other.
test('no class that users hold has private or protected members', () => {
  const classes = filesIn('src', '.ts').flatMap(publicClasses);
  expect(classes.map(({ name }) => name?.text)).toContain('FakeOperations');
  const found = classes.flatMap(({ name, members }) =>
    members.filter(isPrivate).map((member) => `${name?.text}: ${member.getText().split('\n')[0]}`),
  );
  expect(found).toEqual([]);
});

test('the public API shows no private or protected members', () => {
  const reports = filesIn('test/api', '.api.md');
  expect(reports).toContain('test/api/core.api.md');
  const found = reports.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((line) => /^\s+(#private|private |protected )/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
