import { describe, expect, it } from 'vitest';
import {
  Code,
  cancelOperation,
  deleteOperation,
  getOperation,
  statusFrom,
  waitForDone,
  type CallFailedError,
  type OperationsClient,
  type StatusError,
} from 'rx-lro';
import { googleapisClient } from 'rx-lro/googleapis';
import { restClient } from 'rx-lro/rest';

import { failureOf } from '../support/failure-of.js';

const name = 'operations/1';
const body = JSON.stringify({
  name,
  done: true,
  response: { text: 'a "quoted" } text\\', numbers: [1, -2.5e3, null], is: [true, false, {}] },
});
const retry = { startingDelay: 0, numOfAttempts: 3 };
const lengths = Array.from({ length: body.length - 1 }, (_, index) => index + 1);

const rest = (text: () => string): OperationsClient =>
  restClient({ baseUrl: 'https://api.example.com', fetch: async () => new Response(text()) });

describe('a body that breaks off, though its answer is a 200 without a length,', () => {
  it('is requested again by restClient, wherever it breaks [report 35]', async () => {
    const answers = lengths.flatMap((length) => [body.slice(0, length), body]);
    const client = rest(() => answers.shift()!);
    for (const _ of lengths) {
      expect(await waitForDone(client, name, { retry })).toMatchObject({
        numbers: [1, -2500, null],
      });
    }
    expect(answers).toEqual([]);
  });

  it('is requested again where nothing has arrived, by restClient [report 35]', async () => {
    const answers = ['', ' \r\n', body];
    expect(
      await waitForDone(
        rest(() => answers.shift()!),
        name,
        { retry },
      ),
    ).toBeDefined();
    const error = await failureOf(
      getOperation(
        rest(() => ''),
        name,
        { retry },
      ),
    );
    expect(error).toMatchObject({ attempts: 3, codeName: 'UNAVAILABLE' });
  });

  // gaxios gives the text where that is not JSON.
  const googleapis = (data: () => unknown): OperationsClient => {
    const method = async () => ({ data: data(), config: { url: 'https://a.example/v1/o' } });
    return googleapisClient({ get: method, list: method, cancel: method, delete: method });
  };

  it.each(['', '{"name": "operations/1", "do', body.slice(0, -1)])(
    'is requested again by googleapisClient: %j [report 35]',
    async (text) => {
      const answers = [text, JSON.parse(body) as object];
      expect(
        await waitForDone(
          googleapis(() => answers.shift()),
          name,
          { retry },
        ),
      ).toBeDefined();
      const error = await failureOf(
        getOperation(
          googleapis(() => text),
          name,
          { retry },
        ),
      );
      expect(error).toMatchObject({ attempts: 3, codeName: 'UNAVAILABLE' });
      expect((error as CallFailedError).message).toContain('https://a.example/v1/o');
      const listing = failureOf(
        Promise.resolve(googleapis(() => text).list?.({ name }, {} as never)),
      );
      expect(statusFrom(await listing).code).toBe(Code.UNAVAILABLE);
    },
  );

  it('but a text that is whole and wrong is final for googleapisClient, and nothing is all that a cancel gives [report 35]', async () => {
    const error = await failureOf(
      getOperation(
        googleapis(() => '<html>'),
        name,
        { retry },
      ),
    );
    expect((error as StatusError).kind).toBe('protocol');
    await cancelOperation(
      googleapis(() => ''),
      name,
      { retry },
    );
    await deleteOperation(
      googleapis(() => ''),
      name,
      { retry },
    );
  });

  it('says so, with the URL, when no try gets all of it [report 35]', async () => {
    const error = await failureOf(
      getOperation(
        rest(() => body.slice(0, 20)),
        name,
        { retry },
      ),
    );
    expect(error).toMatchObject({ attempts: 3, codeName: 'UNAVAILABLE' });
    expect((error as CallFailedError).message).toMatch(
      /https:\S+ failed.* breaks off after 20 char/,
    );
  });

  it.each(['<html>', '{not JSON', '{"a":1}}', '{"a":1,}', '[1] and', 'null', '[]', '"{"'])(
    'but not one that is whole and wrong: %j [report 35]',
    async (text) => {
      const error = await failureOf(
        getOperation(
          rest(() => text),
          name,
          { retry },
        ),
      );
      expect((error as StatusError).kind).toBe('protocol');
    },
  );

  it('is requested again for a client of one line, where the runtime says so [report 35]', async () => {
    // After the first character, V8 says the same of text that is not JSON at all.
    const told = lengths.filter((length) => length > 1);
    for (const length of told) {
      let calls = 0;
      const get = async () => {
        calls += 1;
        return (await new Response(calls === 1 ? body.slice(0, length) : body).json()) as object;
      };
      expect(await getOperation({ get }, name, { retry })).toMatchObject({ done: true });
      expect(calls).toBe(2);
    }
  });

  it.each([
    'Unexpected end of JSON input',
    'Unterminated string in JSON at position 7 (line 1 column 8)',
    'JSON Parse error: Unexpected EOF',
    'JSON Parse error: Unterminated string',
    'JSON Parse error: Unexpected end of input',
    'JSON.parse: unexpected end of data at line 1 column 1 of the JSON data',
    'JSON.parse: unterminated string at line 1 column 2 of the JSON data',
    "JSON Parse error: Expected '}'",
    "JSON Parse error: Expected ']'",
    "JSON.parse: expected property name or '}' at line 1 column 2 of the JSON data",
    "Expected property name or '}' in JSON at position 57 (line 1 column 58)",
    'No number after minus sign in JSON at position 7',
    'Unterminated fractional number in JSON at position 7',
    'Exponent part is missing a number in JSON at position 7',
    'JSON.parse: end of data after property value in object at line 1 column 8 of the JSON data',
  ])('also where it is another runtime: %s [report 35]', async (message) => {
    const get = async () => Promise.reject(new SyntaxError(message));
    const error = await failureOf(getOperation({ get }, name, { retry }));
    expect((error as CallFailedError).attempts).toBe(3);
  });

  it.each([
    'Unexpected token \'<\', "<!doctype "... is not valid JSON',
    "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
    "JSON Parse error: Unrecognized token '<'",
    'JSON.parse: unexpected character at line 1 column 1 of the JSON data',
  ])('but not: %s [report 35]', async (message) => {
    const get = async () => Promise.reject(new SyntaxError(message));
    const error = await failureOf(getOperation({ get }, name, { retry }));
    expect((error as CallFailedError).attempts).toBe(1);
  });
});
