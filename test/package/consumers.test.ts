import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { pages } from '../readme/blocks.js';
import { brokenLinks } from '../readme/links.js';
import { entryPoints } from '../support/entry-points.js';
import { nodeRelease } from '../support/node-release.js';
import { Consumer, run } from './packed.js';

let consumer: Consumer;

beforeAll(() => {
  consumer = new Consumer();
});

afterAll(() => {
  consumer.remove();
});

const archiveLimit = 725_000;

test(`the archive has no more than ${archiveLimit} bytes`, () => {
  const { size } = statSync(consumer.archive);
  console.log(`the archive: ${size} of ${archiveLimit} bytes`);
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThanOrEqual(archiveLimit);
});

// These are in the repository alone.
const elsewhere = /(?:^|\/)(?:examples\/|CONTRIBUTING\.md|SECURITY\.md)/;
const packed = [...pages, 'CHANGELOG.md'].filter((page) => !elsewhere.test(page));

test.each(packed)('it has %s, and all that this links to but examples', (page) => {
  const broken = brokenLinks(join(consumer.folder, 'node_modules/rx-lro'), page);
  expect(broken.filter((link) => !elsewhere.test(link))).toEqual([]);
});

describe('a program that runs', () => {
  const entries = entryPoints.map(({ name }) => name);
  const evaluate = (type: 'module' | 'commonjs', code: string): string =>
    run(consumer.folder, process.execPath, `--input-type=${type}`, '--eval', code);

  test.each(entries)('imports %s', (entry) => {
    const code = `import * as all from '${entry}'; console.log(Object.keys(all).length);`;
    expect(Number(evaluate('module', code))).toBeGreaterThan(0);
  });

  test.each(entries)('requires %s', (entry) => {
    const code = `console.log(Object.keys(require('${entry}')).length);`;
    expect(Number(evaluate('commonjs', code))).toBeGreaterThan(0);
  });

  test.each(entries)('finds in the CommonJS form of %s what is in the other', (entry) => {
    const code = `
      const { exports } = require('rx-lro/package.json');
      const { require: commonjs, import: esm } = exports['${entry.replace('rx-lro', '.')}'];
      const namesIn = ({ default: file }) =>
        Object.keys(require('./node_modules/rx-lro/' + file)).sort().join();
      console.log(namesIn(commonjs) === namesIn(esm) && namesIn(esm).length > 0);
    `;
    expect(evaluate('commonjs', code)).toBe('true');
  });

  test('finds the version of the package', () => {
    const code = `console.log(require('rx-lro/package.json').name);`;
    expect(evaluate('commonjs', code)).toBe('rx-lro');
  });
});

describe.skipIf(process.platform === 'win32')('the command of the package', () => {
  // As npm links it.
  const link = (): string => join(consumer.folder, 'node_modules/.bin/rx-lro');

  beforeAll(() => {
    mkdirSync(dirname(link()));
    symlinkSync('../rx-lro/dist/cli/rx-lro.js', link());
  });

  test('runs as it is in the archive', () => {
    expect(run(consumer.folder, link(), '--version')).toMatch(/^\d+\.\d+\.\d+$/);
    expect(run(consumer.folder, link(), 'wait', '--help')).toMatch(/^Waits until .*\n\nUsage:/);
  });

  test('makes calls, and tells by its exit code how they ended', () => {
    // Nobody listens there.
    const args = ['wait', 'operations/1', '--base-url', 'http://127.0.0.1:9', '--timeout', '0'];
    const { status, stdout, stderr } = spawnSync(link(), args, { encoding: 'utf8' });
    expect(stderr).toMatch(/^Waiting for operations\/1 at http:\/\/127\.0\.0\.1:9; .*\n/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  test('is one file, with nothing of its modules beside it', () => {
    const dist = join(consumer.folder, 'node_modules/rx-lro/dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /\bcli\//.test(file))).toEqual(['cli/rx-lro.js']);
  });
});

test.for([20, 22, 24, 26])(
  'require and import give one class on Node %i [report 4]',
  // Longer than npm may take to fetch it.
  { timeout: 400_000 },
  async (release, { skip }) => {
    const found = await nodeRelease(release);
    if ('problem' in found) {
      skip(found.problem);
      return;
    }
    const code = `
    const names = { 'rx-lro': 'StatusError', 'rx-lro/rest': 'HttpError', 'rx-lro/testing': 'VirtualTime' };
    for (const [entry, name] of Object.entries(names)) {
      import(entry).then((all) => console.log(all[name] === require(entry)[name]));
    }
  `;
    const output = run(consumer.folder, found.path, '--input-type=commonjs', '--eval', code);
    expect(output.split('\n')).toEqual(['true', 'true', 'true']);
  },
);
