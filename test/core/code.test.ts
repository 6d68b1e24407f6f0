import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Code, codeFromHttp, codeFromName, codeName, httpFromCode } from 'rx-lro';

// Name, code and HTTP status, as google/rpc/code.proto lists them.
const table = [
  ['OK', 0, 200],
  ['CANCELLED', 1, 499],
  ['UNKNOWN', 2, 500],
  ['INVALID_ARGUMENT', 3, 400],
  ['DEADLINE_EXCEEDED', 4, 504],
  ['NOT_FOUND', 5, 404],
  ['ALREADY_EXISTS', 6, 409],
  ['PERMISSION_DENIED', 7, 403],
  ['RESOURCE_EXHAUSTED', 8, 429],
  ['FAILED_PRECONDITION', 9, 400],
  ['ABORTED', 10, 409],
  ['OUT_OF_RANGE', 11, 400],
  ['UNIMPLEMENTED', 12, 501],
  ['INTERNAL', 13, 500],
  ['UNAVAILABLE', 14, 503],
  ['DATA_LOSS', 15, 500],
  ['UNAUTHENTICATED', 16, 401],
] as const;

const unlisted = [-1, 17, 99, 404, 2 ** 31, 1.5, Number.NaN, Infinity];

describe('Code', () => {
  it('has the seventeen codes of google/rpc/code.proto, and no other', () => {
    expect(Object.entries(Code)).toEqual(table.map(([name, code]) => [name, code]));
  });

  it.each(table)('translates %s to %i, HTTP %i, and back [fact 37]', (name, code, http) => {
    expect(Code[name]).toBe(code);
    expect(codeName(code)).toBe(name);
    expect(codeFromName(name)).toBe(code);
    expect(httpFromCode(code)).toBe(http);
  });
});

describe('codeName', () => {
  it.each(unlisted)('calls %d UNKNOWN, as no code has that number [fact 42]', (code) => {
    expect(codeName(code)).toBe('UNKNOWN');
  });
});

describe('codeFromName', () => {
  it.each(['', 'not_found', 'NotFound', 'NOT_FOUND ', 'toString', 'constructor', '__proto__', '5'])(
    'knows no code that is named %j',
    (name) => {
      expect(codeFromName(name)).toBeUndefined();
    },
  );
});

describe('httpFromCode', () => {
  it.each(unlisted)('gives 500 for %d, which is no code', (code) => {
    expect(httpFromCode(code)).toBe(500);
  });
});

describe('codeFromHttp', () => {
  it.each([
    [100, 'UNKNOWN'],
    [199, 'UNKNOWN'],
    [200, 'OK'],
    [204, 'OK'],
    [299, 'OK'],
    [300, 'UNKNOWN'],
    [304, 'UNKNOWN'],
    [399, 'UNKNOWN'],
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [402, 'FAILED_PRECONDITION'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [405, 'UNIMPLEMENTED'],
    [408, 'DEADLINE_EXCEEDED'],
    [409, 'ABORTED'],
    [410, 'FAILED_PRECONDITION'],
    [412, 'FAILED_PRECONDITION'],
    [416, 'OUT_OF_RANGE'],
    [429, 'RESOURCE_EXHAUSTED'],
    [498, 'FAILED_PRECONDITION'],
    [499, 'CANCELLED'],
    [500, 'INTERNAL'],
    [501, 'UNIMPLEMENTED'],
    [502, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED'],
    [505, 'INTERNAL'],
    [599, 'INTERNAL'],
    [600, 'UNKNOWN'],
    [0, 'UNKNOWN'],
    [-1, 'UNKNOWN'],
    [Number.NaN, 'UNKNOWN'],
  ] as const)('translates HTTP %d to %s [fact 38]', (http, name) => {
    expect(codeName(codeFromHttp(http))).toBe(name);
  });

  it('gives a code for any number', () => {
    fc.assert(
      fc.property(fc.double(), (http) => {
        expect(Object.values(Code)).toContain(codeFromHttp(http));
      }),
    );
  });
});
