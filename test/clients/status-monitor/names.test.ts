import { Code } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readName, writeName, type Monitor } from '../../../src/clients/status-monitor/name.js';
import { repeats } from '../../support/repeats.js';
import { origin, serviceOf } from './service.js';
import { accepted } from './world.js';

const url = `${origin}/operations/1?api-version=2`;

test('a name is the URL of the monitor, with how to go on in its fragment', () => {
  const monitor: Monitor = {
    url,
    kind: 'status',
    result: `${origin}/films/42?api-version=2`,
    isGuess: true,
  };
  const name = `${url}#rx-lro=1&kind=status&result=%2Ffilms%2F42%3Fapi-version%3D2&guess=1`;
  expect(writeName(monitor)).toBe(name);
  expect(readName(name)).toMatchObject(monitor);
  expect(readName(url)).toEqual({ url, kind: 'http' });
});

test('a result whose path begins with two slashes stays at its host', () => {
  for (const result of [`${origin}//films/42`, `${origin}//`, `${origin}/`]) {
    expect(readName(writeName({ url, kind: 'status', result }))).toMatchObject({ result });
  }
});

const plainUrl = fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] });

test('whatever is written is read', () => {
  const monitors = fc.record({
    url: fc.oneof(
      fc.constant(url),
      plainUrl.map((text) => new URL(text).href),
    ),
    kind: fc.constantFrom('status', 'http', 'document', 'resource'),
    result: fc.option(
      fc
        .tuple(plainUrl, fc.constantFrom('', '//', '///x', '//x/y', '/%5Cx'))
        .map(([text, path]) => (path === '' ? new URL(text).href : origin + path)),
      { nil: undefined },
    ),
    isGuess: fc.boolean(),
    isFixed: fc.boolean(),
    own: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    hasDelete: fc.boolean(),
  });
  fc.assert(
    fc.property(monitors, (monitor) => {
      const name = writeName(monitor);
      expect(readName(name)).toEqual(monitor);
      // As it goes through JSON, a database or a queue.
      expect(readName(JSON.parse(JSON.stringify(name)))).toEqual(monitor);
      expect(name).toMatch(/^[\x21-\x7e]+$/);
    }),
    { numRuns: repeats(200) },
  );
});

test('whatever text is given, it is read or refused, and sent nowhere else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }).map((text) => `${url}#${text}`),
        fc.webUrl({ withFragments: true }),
      ),
      (name) => {
        try {
          const monitor = readName(name);
          expect(new URL(monitor.url).origin).toBe(new URL(name).origin);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      },
    ),
    { numRuns: repeats(500) },
  );
});

describe('a name is refused, with nothing sent:', () => {
  test.each([
    ['', /is empty/],
    ['operations/1', /is not an http or https URL/],
    ['//api.example.com/1', /is not an http or https URL/],
    ['ftp://api.example.com/1', /is not an http or https URL/],
    ['https:///api.example.com/1', /is not an http or https URL/],
    ['javascript:alert(1)', /is not an http or https URL/],
    ['https://me:secret@api.example.com/1', /without credentials/],
    ['https://api.example.com:99999/1', /is not an http or https URL/],
    ['https://api.example.com/a b', /must not hold spaces/],
    ['https://api.example.com/a\r\nx: y', /must not hold spaces/],
    ['https://api.example.com\\@evil.example/1', /must not hold .*a backslash/],
    [`https://api.example.com/${String.fromCharCode(0xd800)}`, /half a surrogate pair/],
    [`https://api.example.com/${'x'.repeat(8192)}`, /is longer than 8192/],
    [`${url}#`, /has no version in its fragment/],
    [`${url}#top`, /has no version in its fragment/],
    [
      `${url}#rx-lro=2&kind=status`,
      /has version "2" in its fragment; this release reads version 1/,
    ],
    [`${url}#rx-lro=1`, /is not of version 1/],
    [`${url}#rx-lro=1&kind=other`, /is not of version 1/],
    [`${url}#rx-lro=1&kind=status&kind=http`, /is not of version 1/],
    [`${url}#rx-lro=1&kind=status&__proto__=1`, /is not of version 1/],
    [`${url}#rx-lro=1&kind=status&result=javascript:alert(1)`, /has a result that is not a URL/],
    [`${url}#rx-lro=1&kind=status&result=//evil.example/1`, /has a result that is not a URL/],
    [`${url}#rx-lro=1&kind=status&result=/%5Cevil.example/1`, /has a result that is not a URL/],
    [`${url}#rx-lro=1&kind=status&result=`, /has a result that is not a URL/],
    [
      `${url}#rx-lro=1&kind=status&result=https://a:b@api.example.com/`,
      /has a result that is not a URL/,
    ],
  ])('%j', async (name, message) => {
    const { fetch, asked } = serviceOf({});
    const client = statusMonitorClient({ fetch });
    for (const call of [client.get({ name }), client.cancel({ name }), client.delete({ name })]) {
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({
        code: Code.INVALID_ARGUMENT,
        message: expect.stringMatching(message) as string,
      });
      expect((error as Error).message).not.toMatch(/secret/);
    }
    expect(asked()).toEqual([]);
  });

  test('what is not a string', async () => {
    const client = statusMonitorClient();
    await expect(client.get({ name: 1 as never })).rejects.toThrow(TypeError);
  });
});

test('a client in another process goes on by the name alone', async () => {
  const service = serviceOf({
    'PUT /films/42': accepted({ 'operation-location': '/operations/1' }),
    'GET /operations/1': [{ body: { status: 'Running' } }, { body: { status: 'Succeeded' } }],
    'GET /films/42': { body: { id: 'film-42' } },
  });
  const { fetch } = service;
  const start = fetch(`${origin}/films/42`, { method: 'PUT' });
  const first = statusMonitorClient({ fetch });
  const { name } = await first.operation(start, { method: 'PUT' });
  expect(await first.get({ name })).toMatchObject({ name, done: false });
  const other = statusMonitorClient({ fetch });
  expect(await other.get({ name })).toMatchObject({
    name,
    done: true,
    response: { id: 'film-42' },
  });
});

test('a URL that is too long for a name is refused at the start', async () => {
  const location = `/${'x'.repeat(8192)}`;
  const { fetch } = serviceOf({ 'POST /films': accepted({ location }) });
  const client = statusMonitorClient({ fetch });
  const start = client.operation(fetch(`${origin}/films`, { method: 'POST' }));
  await expect(start).rejects.toThrow(/is longer than 8192 characters/);
});
