import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { pages, root } from './blocks.js';
import { brokenLinks } from './links.js';

const others = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'test/field-notes/README.md'];

test.each([...pages, ...others])('every link of %s leads to a file and a heading', (page) => {
  expect(brokenLinks(root, page)).toEqual([]);
});

test('the index of examples links to every program and page', () => {
  const index = readFileSync(join(root, 'examples/README.md'), 'utf8');
  const files = readdirSync(join(root, 'examples')).filter((file) => /\.(?:ts|md)$/.test(file));
  const expected = files.filter((file) => file !== 'README.md');
  expect(expected.filter((file) => !index.includes(`](${file})`))).toEqual([]);
});

test('a link to a missing file, to a missing heading or out of the folder is broken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'links-'));
  mkdirSync(join(folder, 'guides'));
  writeFileSync(join(folder, 'target.md'), '# A title: with `code`\n\n```sh\n# not one\n```\n');
  const links = ['../target.md', '../target.md#a-title-with-code', 'https://example.com', '#here'];
  const broken = ['gone.md', '../target.md#not-one', '#gone', '../../etc'];
  const text = [...links, ...broken].map((link) => `[text](${link})`).join('\n');
  writeFileSync(join(folder, 'guides/page.md'), `# Here\n\n${text}\n`);
  expect(brokenLinks(folder, 'guides/page.md')).toEqual(broken);
  rmSync(folder, { recursive: true });
});
