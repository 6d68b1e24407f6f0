import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { meaningOf } from '../../../src/clients/status-monitor/words.js';
import { root } from '../../support/entry-points.js';

test('the words in the guide mean what it says', () => {
  const guide = readFileSync(`${root}src/clients/status-monitor/README.md`, 'utf8');
  const rows = [...guide.matchAll(/^\| (succeeded|failed|canceled|running) +\| (.*?) +\|$/gm)];
  expect(rows).toHaveLength(4);
  for (const [, meaning, list = ''] of rows) {
    const words = [...list.matchAll(/`([a-z]+)`/gi)].map(([, word = '']) => word);
    expect(words.length).toBeGreaterThan(1);
    expect(words.map((word) => meaningOf(word))).toEqual(words.map(() => meaning));
  }
});
