import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const tests = fileURLToPath(new URL('..', import.meta.url));
const notes = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const tags = tagsOf(sources());

const lists = [
  ['pain', 'Pains of long-running operations', 28],
  ['polling', 'Pains of polling, retrying and aborting', 25],
  ['fact', 'Facts of the protocol', 50],
  ['answer', 'Answers of clients', 2],
  ['fake', 'Uses of the fake service', 4],
  ['report', 'Reports of where it runs', 38],
] as const;

describe.each(lists)('[%s] %s', (kind, heading, count) => {
  const entries = entriesOf(heading);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);

  it('has every number once and in order', () => {
    expect(entries.map(({ number }) => number)).toEqual(numbers);
  });

  it('has a test for every number, or says why there is none', () => {
    const open = entries.filter(
      ({ number, text }) => !tags.has(`${kind} ${number}`) && clausesOf(text).length === 0,
    );
    expect(open).toEqual([]);
  });

  it('gives a reason wherever it says "Not ours" or "Not yet"', () => {
    const bare = entries.filter(({ text }) =>
      clausesOf(text).some((reason) => reason.split(/\s+/).length < 4),
    );
    expect(bare).toEqual([]);
  });
});

describe('a tag in the title of a test', () => {
  it('has its entry in the notes', () => {
    const known = new Set(
      lists.flatMap(([kind, heading]) =>
        entriesOf(heading).map(({ number }) => `${kind} ${number}`),
      ),
    );
    expect([...tags].filter((tag) => !known.has(tag))).toEqual([]);
  });
});

interface Entry {
  readonly number: number;
  readonly text: string;
}

/** The numbered lines beneath a heading. */
function entriesOf(heading: string): Entry[] {
  const [, section = ''] = notes.split(`\n## ${heading}\n`);
  const [list = ''] = section.split('\n## ');
  return [...list.matchAll(/^(\d+)\. (.+)$/gm)].map(([, number, text]) => ({
    number: Number(number),
    text: text!,
  }));
}

/** The reasons of an entry that no test answers, or not all of it. Sources in brackets are no reason. */
function clausesOf(text: string): string[] {
  return text
    .replace(/ \([^()]*\)$/, '')
    .split(/\bNot (?:ours|yet)\b:?/)
    .slice(1)
    .map((reason) => reason.trim());
}

function sources(): string[] {
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map((path) => readFileSync(`${tests}${path}`, 'utf8'));
}

/** All tags such as "fact 7", from the lines that are no comments. */
function tagsOf(files: readonly string[]): ReadonlySet<string> {
  const lines = files.flatMap((file) => file.split('\n'));
  const code = lines.filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line)).join('\n');
  return new Set([...code.matchAll(/\[([a-z]+ \d+)\]/g)].map(([, tag]) => tag!));
}
