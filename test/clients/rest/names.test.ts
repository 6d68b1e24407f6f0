import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restClient } from 'rx-lro/rest';
// Not part of the API: the check behind the checks, which no name can reach.
import { checkPlace } from '../../../src/clients/http/base-url.js';
import { failureOf, recorder } from './recorder.js';
import { repeats } from '../../support/repeats.js';

const baseUrl = 'https://api.example.com/base';

async function pathOf(template: string, name: string): Promise<string> {
  const { fetch, sent } = recorder();
  await restClient({ baseUrl, fetch, paths: { get: template } }).get({ name });
  return (sent[0]?.url ?? '').replace(`${baseUrl}/`, '');
}

describe('a name is encoded segment by segment', () => {
  it.each([
    ['operations/1', 'operations/1', 'operations%2F1'],
    ['a-b_c.d~e', 'a-b_c.d~e', 'a-b_c.d~e'],
    [
      'databases/(default)/operations/x',
      'databases/(default)/operations/x',
      'databases%2F%28default%29%2Foperations%2Fx',
    ],
    ["!$&'()*+,;=@", "!$&'()*+,;=@", '%21%24%26%27%28%29%2A%2B%2C%3B%3D%40'],
    ['operations/a+b=', 'operations/a+b=', 'operations%2Fa%2Bb%3D'],
    ['configs/x:uuid', 'configs/x%3Auuid', 'configs%2Fx%3Auuid'],
    ['operations/1:cancel', 'operations/1%3Acancel', 'operations%2F1%3Acancel'],
    ['a%2Fb', 'a%252Fb', 'a%252Fb'],
    ['a/%2e%2e/b', 'a/%252e%252e/b', 'a%2F%252e%252e%2Fb'],
    ['%24%26', '%2524%2526', '%2524%2526'],
    ['a[0]', 'a%5B0%5D', 'a%5B0%5D'],
    ['a b"<>`{|}^', 'a%20b%22%3C%3E%60%7B%7C%7D%5E', 'a%20b%22%3C%3E%60%7B%7C%7D%5E'],
    [
      'é/日本/😀',
      '%C3%A9/%E6%97%A5%E6%9C%AC/%F0%9F%98%80',
      '%C3%A9%2F%E6%97%A5%E6%9C%AC%2F%F0%9F%98%80',
    ],
    ['.../..a/a..', '.../..a/a..', '...%2F..a%2Fa..'],
    ['...;/a..;/..a;', '...;/a..;/..a;', '...%3B%2Fa..%3B%2F..a%3B'],
  ])('%s [fact 27]', async (name, reserved, simple) => {
    expect(await pathOf('x/{+name}', name)).toBe(`x/${reserved}`);
    expect(await pathOf('x/{name}', name)).toBe(`x/${simple}`);
  });
});

describe('a name is refused before any call', () => {
  it.each([
    ['', /is empty/],
    ['/operations/1', /must not begin or end with `\/`/],
    ['operations/1/', /must not begin or end/],
    ['operations//1', /empty segment/],
    ['/', /empty segment/],
    ['.', /segment `\.` or `\.\.`/],
    ['..', /segment `\.` or `\.\.`/],
    ['../secrets', /segment/],
    ['operations/./1', /segment/],
    ['operations/..', /segment/],
    ['..;/secrets', /segment `\.` or `\.\.`/],
    ['operations/..;x=1/1', /segment/],
    ['operations/.;', /segment/],
    ['operations/1?alt=media', /must not hold `\?`/],
    ['operations/1#x', /`#`/],
    ['operations\\1', /backslash/],
    ['operations/1\n', /control characters/],
    ['operations/\u0000', /control characters/],
    ['operations/\u007f', /control characters/],
    ['operations/\u0085', /control characters/],
    ['operations/\ud800', /half a surrogate pair/],
    ['operations/\udc00x', /half a surrogate pair/],
    ['https://api.example.com/v1/operations/1', /is a whole URL/],
    ['HTTP://evil.example', /is a whole URL/],
    ['git+ssh://evil.example', /is a whole URL/],
  ])('%j [fact 28]', async (name, message) => {
    const { fetch, sent } = recorder();
    let asked = 0;
    const client = restClient({
      baseUrl,
      fetch,
      headers: () => ({ asked: String((asked += 1)) }),
      paths: { wait: 'v1/{+name}:wait' },
    });
    for (const method of ['get', 'list', 'cancel', 'delete', 'wait'] as const) {
      const error = await failureOf(client[method]?.({ name }));
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).message).toMatch(/^The name ".*" /);
      expect((error as Error).message).toMatch(message);
    }
    expect(sent).toEqual([]);
    expect(asked).toBe(0);
  });

  it.each<unknown>([undefined, null, 1, {}])('%j, which is no string', async (name) => {
    const client = restClient({ baseUrl, fetch: recorder().fetch });
    const error = await failureOf(client.get({ name: name as string }));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(/`name` must be a string/);
  });

  it('and a key or a password in it is not shown', async () => {
    const client = restClient({ baseUrl, fetch: recorder().fetch });
    for (const name of [
      'operations/1?key=hunter2',
      'https://u:hunter2@x/y',
      'https://x/?key=hunter2',
    ]) {
      const error = await failureOf(client.get({ name }));
      expect((error as Error).message).not.toMatch(/hunter2/);
    }
  });
});

const nasty = fc
  .array(
    fc.constantFrom(
      '..',
      '.',
      '/',
      '//',
      '%2e',
      '%2F',
      '%',
      '?',
      '#',
      '\\',
      ':',
      ':cancel',
      '@',
      'https://',
      'evil.example',
      'a',
      'operations',
      'é',
      '😀',
      '\ud800',
      '[',
      ']',
      ' ',
      ';',
      '&',
      '=',
      '+',
      '\n',
      '\t',
      '~',
      "'",
      '(',
      '*',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const anyName = fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

/** Where an encoded name came to stand: what is before it, itself, and what is after it. */
async function placeOf(template: string, name: string): Promise<unknown> {
  const { fetch, sent } = recorder();
  const client = restClient({ baseUrl, fetch, paths: { cancel: template } });
  const error: unknown = await client.cancel({ name }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RangeError) return { refused: sent.length === 0 };
  const { href, pathname } = new URL(sent[0]?.url ?? '');
  const [before = '', after = ''] = template.replace(/^\/?/, '/base/').split(/\{.*\}/);
  const encoded = pathname.slice(before.length, pathname.length - after.length);
  const allowed = template.includes('{+')
    ? /^(?:[-_.~!$&'()*+,;=@/0-9A-Za-z]|%[0-9A-F]{2})+$/
    : /^(?:[-_.~0-9A-Za-z]|%[0-9A-F]{2})+$/;
  return {
    isInPlace: href === `https://api.example.com${before}${encoded}${after}`,
    isEncoded: allowed.test(encoded),
    name: decodeURIComponent(encoded),
  };
}

describe('for any string', () => {
  it.each(['v1/{+name}:cancel', 'v1/{name}:cancel', '/v1/x{name}', '{+name}'])(
    '%s: the name is refused, or it stays in its place and comes back when decoded [fact 27] [fact 28]',
    async (template) => {
      await fc.assert(
        fc.asyncProperty(anyName, async (name) => {
          expect([{ refused: true }, { isInPlace: true, isEncoded: true, name }]).toContainEqual(
            await placeOf(template, name),
          );
        }),
        { numRuns: repeats(1000) },
      );
    },
  );

  it('takes it when its segments are plain', async () => {
    const segment = fc
      .string({ unit: fc.constantFrom(...'abzAZ09-_~.:+=()@%[] é😀') })
      .filter((text) => !['', '.', '..'].includes(text));
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 6 }), async (segments) => {
        const name = segments.join('/');
        expect(decodeURIComponent(await pathOf('{+name}', name))).toBe(name);
      }),
    );
  });
});

describe('the check behind the checks', () => {
  const base = { origin: 'https://api.example.com', path: '/base' };

  it('takes a URL that is what it was meant to be', () => {
    expect(() => checkPlace(`${baseUrl}/v1/a`, base, 'v1/a')).not.toThrow();
  });

  it.each([
    ['https://evil.example/base/v1/a', 'v1/a'],
    ['http://api.example.com/base/v1/a', 'v1/a'],
    [`${baseUrl}/v1/../a`, 'v1/../a'],
    [`${baseUrl}/v1/%2e%2e/%2e./a`, 'v1/%2e%2e/%2e./a'],
    [`${baseUrl}/v1/a?b`, 'v1/a?b'],
  ])('refuses %s', (url, path) => {
    expect(() => checkPlace(url, base, path)).toThrow(RangeError);
    expect(() => checkPlace(url, base, path)).toThrow(
      /would leave https:\/\/api\.example\.com\/base/,
    );
  });
});
