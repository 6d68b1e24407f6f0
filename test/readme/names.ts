import { readFileSync } from 'node:fs';

import ts from 'typescript';

import { root } from './blocks.js';

/** The names of the public members of an interface or a class of a file. */
export function membersOf(file: string, type: string): string[] {
  const declaration = parse(file).statements.find(
    (statement): statement is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name?.text === type,
  );
  if (declaration === undefined) throw new Error(`${file} has no ${type}`);
  return [...declaration.members].flatMap(({ name }) =>
    name !== undefined && ts.isIdentifier(name) ? [name.text] : [],
  );
}

/** The names that an entry point exports; without those of types. */
export function valuesOf(file: string): string[] {
  return parse(file).statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    !statement.isTypeOnly &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
}

function parse(file: string): ts.SourceFile {
  const text = readFileSync(`${root}${file}`, 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
}
