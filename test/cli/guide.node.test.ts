import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { FakeOperations } from 'rx-lro/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exitCodes } from '../../src/cli/exit-code.js';
import { commands } from '../../src/cli/usage.js';
import { placeOf, readmeBlocks, root } from '../readme/blocks.js';
import { BuiltCommand } from '../support/command.js';
import { startHttpServer, type HttpServer } from '../support/http-server.js';

const guide = readFileSync(`${root}src/cli/README.md`, 'utf8');
const command = new BuiltCommand();

let server: HttpServer;

beforeAll(() => command.build());

afterAll(async () => {
  await command.remove();
  await server.close();
});

const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('the guide of the command', () => {
  it('tells the exit codes', () => {
    const told = rows.flatMap(([, code = '', meaning]) =>
      /^\d+$/.test(code) ? [[+code, meaning]] : [],
    );
    expect(told).toEqual(exitCodes);
  });

  it.each(Object.entries(commands))('tells of %s and its options', (name, { options }) => {
    expect(rows.some(([, cell = '']) => cell.startsWith(`\`rx-lro ${name} `))).toBe(true);
    const told = rows.map(([, cell = '']) => cell).join('\n');
    for (const option of options) expect(told).toMatch(new RegExp(`\`--${option}[ \`]`));
  });
});

interface Step {
  readonly line: string;
  readonly output: string;
}

/** The command lines of a block, each with what it prints. */
function stepsOf(code: string): Step[] {
  return code
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [line = '', ...output] = text.trimEnd().split('\n');
      return { line, output: output.join('\n') };
    });
}

const blocks = readmeBlocks.filter(({ info }) => info === 'console');

it('there are command lines to run', () => {
  expect(blocks.length).toBeGreaterThan(3);
});

describe('a command line prints what the guide says', () => {
  beforeAll(async () => {
    server = await startHttpServer((request) => handler(request));
  });

  it.each(
    blocks.flatMap((block) =>
      stepsOf(block.code).map((step) => ({ place: placeOf(block), ...step })),
    ),
  )('$place: $line', async ({ line, output }) => {
    handler = films();
    const local = line
      .replaceAll(/https:\/\/\w+\.example\.com/g, server.url)
      .replaceAll('progress.log', '/dev/null');
    const printed = await shell(local);
    const [origin = ''] = /https:\/\/\w+\.example\.com/.exec(line) ?? [];
    expect(timeless(printed.replaceAll(server.url, origin))).toBe(timeless(output));
  });
});

let handler: (request: Request) => Promise<Response>;

const minutes = { minutes: 90 };

/** The services that the guide speaks of. They show each state once, whatever the pace. */
function films(): (request: Request) => Promise<Response> {
  const fake = new FakeOperations();
  const error = { code: 9, message: 'The script is missing.' };
  fake.start({ name: 'operations/42', metadata: { progressPercent: 100 }, response: minutes });
  fake.start({ name: 'operations/43', error });
  const states = [
    Response.json({ name: 'operations/42', metadata: { progressPercent: 0 } }),
    Response.json({ name: 'operations/42', metadata: { progressPercent: 60 } }),
  ];
  const builds = [
    { state: 'running', pct: 40 },
    { state: 'succeeded', pct: 100, artifact: 'film.zip' },
  ];
  const exports = [
    new Response(null, { status: 202, headers: { 'x-progress': '40%', 'retry-after': '0' } }),
    Response.json({ output: [{ url: 'https://fhir.example.com/files/1' }] }),
  ];
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/exports/')) return exports.shift() ?? new Response();
    if (pathname.startsWith('/builds/')) return Response.json(builds.shift());
    return (pathname.endsWith('/42') ? states.shift() : undefined) ?? fake.fetch(request);
  };
}

/** Runs a line in a shell that knows the command; resolves to both of its streams in one. */
function shell(line: string): Promise<string> {
  const functions = `rx-lro() { '${process.execPath}' '${command.file}' "$@"; }; npx() { "$@"; }`;
  return new Promise((resolve, reject) => {
    const script = `exec 2>&1; ${functions}; ${line}`;
    execFile('/bin/bash', ['-c', script], (error, stdout) => {
      if (error === null) resolve(stdout.trimEnd());
      else reject(error);
    });
  });
}

function timeless(text: string): string {
  return text.replaceAll(/\d+\.\d s$/gm, 'T');
}
