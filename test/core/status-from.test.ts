import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFailedError, Code, codeName, statusFrom, type CodeName } from 'rx-lro';
import { networkFailureOf } from '../../src/core/status/network-failure.js';

const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R', domain: 'd' };

function failure(message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), fields);
}

// As Node.js makes it of a connection that failed on each address.
function aggregate(errors: readonly unknown[], message = ''): AggregateError {
  return new AggregateError(errors, message);
}

describe('a google.rpc.Status', () => {
  it('is read as it stands: its code is an rpc code [fact 39]', () => {
    expect(statusFrom({ code: 5, message: 'Gone.', details: [info] })).toEqual({
      code: 5,
      message: 'Gone.',
      details: [info],
    });
  });

  it.each([17, 99, 600, 1000, -1, 2 ** 31 - 1])(
    'keeps %d, a code that google/rpc/code.proto does not list [fact 42]',
    (code) => {
      expect(statusFrom({ code, message: 'x' }).code).toBe(code);
    },
  );

  it('keeps its rpc code beside another HTTP status, as the Spanner emulator answers [fact 39]', () => {
    expect(statusFrom({ code: 12, message: 'no' }, 501).code).toBe(12);
    expect(statusFrom({ code: 5, message: 'no' }, 500).code).toBe(5);
    expect(statusFrom({ code: 0, message: 'no' }, 500).code).toBe(0);
  });

  it('is not taken at its word when its code is an HTTP status, as some services have it', () => {
    expect(statusFrom({ code: 401, message: 'Jwt is missing' }, 401)).toEqual({
      code: 16,
      message: 'Jwt is missing',
      details: [],
    });
    expect(statusFrom({ code: 401, message: 'x' }, 403).code).toBe(16);
    expect(statusFrom({ code: 503, message: 'x' }).code).toBe(14);
    expect(statusFrom({ code: '429', message: 'x' }).code).toBe(8);
    expect(statusFrom({ code: 100, message: 'x' }).code).toBe(Code.UNKNOWN);
  });

  it.each<[unknown, number]>([
    ['5', 5],
    ['-5', -5],
    ['1234567890', 1_234_567_890],
    ['12345678901', Code.UNKNOWN],
    ['5.0', Code.UNKNOWN],
    ['x5', Code.UNKNOWN],
    ['5x', Code.UNKNOWN],
    ['', Code.UNKNOWN],
    ['NOT_FOUND', 5],
    ['not_found', 5],
    ['canceled', Code.UNKNOWN],
    ['cancelled', 1],
    ['deadline-exceeded', 4],
    ['functions/permission-denied', 7],
    ['QUOTA_EXCEEDED', Code.UNKNOWN],
    ['toString', Code.UNKNOWN],
    [1.5, Code.UNKNOWN],
    [Number.NaN, Code.UNKNOWN],
    [Infinity, Code.UNKNOWN],
    [null, Code.UNKNOWN],
    [undefined, Code.UNKNOWN],
    [true, Code.UNKNOWN],
    [{}, Code.UNKNOWN],
    [[5], Code.UNKNOWN],
  ])('has a code of %o read as %i [fact 46]', (code, expected) => {
    expect(statusFrom({ code }).code).toBe(expected);
  });

  it('takes the name in `status` before a number', () => {
    expect(statusFrom({ code: 3, status: 'NOT_FOUND' }).code).toBe(5);
    expect(statusFrom({ code: 3, status: 'NEW_CODE' }).code).toBe(3);
    expect(statusFrom({ code: 3, status: 'not_found' }).code).toBe(3);
    expect(statusFrom({ code: 3, status: 5 }).code).toBe(3);
  });

  it('keeps details of any kind as they came [fact 41] [pain 20]', () => {
    const details = [info, { '@type': 'x/acme.Odd', n: 1 }, 'text', null, 5];
    expect(statusFrom({ code: 9, details }).details).toEqual(details);
    expect(statusFrom({ code: 9, details })).toEqual({ code: 9, message: '', details });
  });

  it('does not parse a message that services have decorated [fact 43]', () => {
    const message = "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: It is there.";
    expect(statusFrom({ code: 6, message })).toEqual({ code: 6, message, details: [] });
    expect(statusFrom({ message }).code).toBe(Code.UNKNOWN);
  });

  it.each<[unknown]>([[5], [null], [{}], [['x']], [true]])(
    'has no message where that is %o, which is no text',
    (message) => {
      expect(statusFrom({ code: 5, message })).toEqual({ code: 5, message: '', details: [] });
    },
  );

  it('has the text in `details` for a message when there is no other', () => {
    expect(statusFrom({ code: 14, details: 'try later', metadata: {} })).toEqual({
      code: 14,
      message: 'try later',
      details: [],
    });
    expect(statusFrom({ code: 14, message: 'm', details: 'd' }).message).toBe('m');
    expect(statusFrom({ code: 14, message: '', details: 'd' }).message).toBe('d');
  });
});

describe('an envelope of version 2', () => {
  it('has the name of the code in `status`, and an HTTP status in `code` [fact 39]', () => {
    const error = {
      code: 400,
      message: 'Not ready.',
      status: 'FAILED_PRECONDITION',
      details: [info],
    };
    expect(statusFrom({ error })).toEqual({ code: 9, message: 'Not ready.', details: [info] });
  });

  it.each([
    [{ code: 503 }, undefined, 'UNAVAILABLE'],
    [{ code: '404', message: 'x' }, undefined, 'NOT_FOUND'],
    [{ code: 404, status: 'BRAND_NEW' }, undefined, 'NOT_FOUND'],
    [{ code: 14, message: 'an rpc code all the same' }, 500, 'UNAVAILABLE'],
    [{ code: 200, message: 'x' }, undefined, 'UNKNOWN'],
    [{ message: 'x' }, 404, 'NOT_FOUND'],
    [{ message: 'x' }, undefined, 'UNKNOWN'],
    [{ message: 'x' }, 200, 'UNKNOWN'],
    [{ message: 'x' }, 302, 'UNKNOWN'],
    [{ code: 404, status: 5 }, undefined, 'NOT_FOUND'],
    [{ code: 400, status: 9 }, undefined, 'FAILED_PRECONDITION'],
    [{ code: 400, status: 0 }, undefined, 'INVALID_ARGUMENT'],
    [{ code: 400, status: 100 }, undefined, 'INVALID_ARGUMENT'],
    [{ code: 400, status: '9' }, undefined, 'INVALID_ARGUMENT'],
    [{ status: 'DATA_LOSS' }, 503, 'DATA_LOSS'],
    [{ details: [info] }, 429, 'RESOURCE_EXHAUSTED'],
  ] as const)('%j with HTTP %s is %s [fact 39] [fact 44]', (error, http, name) => {
    expect(codeName(statusFrom({ error }, http).code)).toBe(name);
  });

  it('keeps the number where no HTTP status has it', () => {
    expect(statusFrom({ error: { code: 99 } }).code).toBe(99);
    expect(statusFrom({ error: { code: 600 } }).code).toBe(600);
    expect(statusFrom({ error: { code: 404, status: 42 } }).code).toBe(42);
  });

  it('may stand in a list of one', () => {
    const error = { code: 429, message: 'Slow down.', status: 'RESOURCE_EXHAUSTED' };
    expect(statusFrom([{ error }])).toEqual({ code: 8, message: 'Slow down.', details: [] });
    expect(statusFrom([{ code: 5 }], 404).code).toBe(5);
    expect(statusFrom([{}], 404).code).toBe(5);
  });

  it.each([[{ error: {} }], [{ error: { nothing: 1 } }], [{ error: [] }], [{ error: null }], [{}]])(
    'says nothing in %j',
    (value) => {
      expect(statusFrom(value)).toEqual({ code: Code.UNKNOWN, message: '', details: [] });
      expect(statusFrom(value, 503)).toEqual({ code: Code.UNAVAILABLE, message: '', details: [] });
    },
  );
});

describe('an envelope of version 1', () => {
  const errors = [{ domain: 'global', reason: 'notFound', message: 'No such bucket.' }];

  it('has an HTTP status in `code`, and `errors` that become details [fact 39]', () => {
    expect(statusFrom({ error: { errors, code: 404, message: 'No such bucket!' } })).toEqual({
      code: 5,
      message: 'No such bucket!',
      details: errors,
    });
  });

  it('keeps the details before the errors when it has both', () => {
    const error = { errors, code: 404, message: 'm', status: 'NOT_FOUND', details: [info] };
    expect(statusFrom({ error }).details).toEqual([info, ...errors]);
  });

  it('may come without its wrapper', () => {
    expect(statusFrom({ errors, code: 404, message: 'm' })).toEqual({
      code: 5,
      message: 'm',
      details: errors,
    });
  });

  it('has the first error for a message when there is no other, as Compute does [fact 49]', () => {
    const quota = [{ code: 'QUOTA_EXCEEDED', message: 'Too many CPUs.' }, { message: 'Second.' }];
    expect(statusFrom({ errors: quota })).toEqual({
      code: Code.UNKNOWN,
      message: 'Too many CPUs.',
      details: quota,
    });
    expect(statusFrom({ errors: ['text'] })).toEqual({ code: 2, message: '', details: ['text'] });
  });

  it.each([
    ['usageLimits', 'rateLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['usageLimits', 'userRateLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['usageLimits', 'accessNotConfigured', 'PERMISSION_DENIED'],
    ['usageLimits', 'xrateLimitExceeded', 'PERMISSION_DENIED'],
    ['usageLimits', 'rateLimitExceededx', 'PERMISSION_DENIED'],
    ['usageLimits', undefined, 'PERMISSION_DENIED'],
    ['global', 'rateLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['zoo', 'rateLimitExceeded', 'PERMISSION_DENIED'],
  ] as const)('with HTTP 403, %s and %s is %s [pain 10]', (domain, reason, name) => {
    const error = { code: 403, message: 'm', errors: [{ domain, reason }] };
    expect(codeName(statusFrom({ error }).code)).toBe(name);
  });

  it('believes a reason that is known before a name in `status`, and this before a number', () => {
    const known = [{ domain: 'usageLimits', reason: 'rateLimitExceeded' }];
    const error = { code: 404, status: 'PERMISSION_DENIED' };
    expect(statusFrom({ error: { ...error, errors: known } }).code).toBe(Code.RESOURCE_EXHAUSTED);
    expect(statusFrom({ error }).code).toBe(Code.PERMISSION_DENIED);
  });
});

describe('an answer of OAuth', () => {
  it.each([
    ['invalid_grant', 400, 'UNAUTHENTICATED'],
    ['invalid_client', 401, 'UNAUTHENTICATED'],
    ['invalid_token', 401, 'UNAUTHENTICATED'],
    ['access_denied', 400, 'PERMISSION_DENIED'],
    ['insufficient_scope', 403, 'PERMISSION_DENIED'],
    ['unauthorized_client', 400, 'PERMISSION_DENIED'],
    ['temporarily_unavailable', 400, 'UNAVAILABLE'],
    ['invalid_request', 400, 'INVALID_ARGUMENT'],
    ['toString', undefined, 'UNKNOWN'],
  ] as const)('that says %s with HTTP %s is %s', (error, http, name) => {
    expect(statusFrom({ error, error_description: 'Told so.' }, http)).toEqual({
      code: Code[name],
      message: 'Told so.',
      details: [],
    });
  });

  it('has its code for a message when it does not describe it', () => {
    expect(statusFrom({ error: 'invalid_grant' }).message).toBe('invalid_grant');
  });
});

describe('an error of an RPC library, which a client throws as it is', () => {
  it.each<[string, object]>([
    ['grpc-js', { code: 5, details: 'Gone.', metadata: {} }],
    ['Connect', { name: 'ConnectError', code: 5, rawMessage: 'Gone.', details: [] }],
    ['Firebase', { code: 'functions/not-found', details: undefined }],
  ])('of %s keeps its code and its message: the rest is for its adapter', (_, fields) => {
    expect(statusFrom(failure('As it says.', fields))).toEqual({
      code: Code.NOT_FOUND,
      message: 'As it says.',
      details: [],
    });
  });

  it('in JSON has the name of its code in lower case', () => {
    expect(statusFrom({ code: 'unavailable', message: 'm' }, 503)).toEqual({
      code: 14,
      message: 'm',
      details: [],
    });
    expect(statusFrom({ code: 'not_found', message: 'm' }).code).toBe(Code.NOT_FOUND);
    // Only Connect spells it so, and its HTTP status says the same.
    expect(statusFrom({ code: 'canceled', message: 'm' }, 499).code).toBe(Code.CANCELLED);
  });

  it('of protobuf-ts has the name of its code', () => {
    expect(statusFrom(failure('m', { name: 'RpcError', code: 'UNAVAILABLE', meta: {} })).code).toBe(
      14,
    );
  });

  it.each([17, 99, -1])('keeps %d, a code that is not listed [fact 42]', (code) => {
    expect(statusFrom(failure('m', { code, details: [] })).code).toBe(code);
  });

  it('is not a success, whatever it says', () => {
    expect(statusFrom(failure('m', { code: 0, details: [] })).code).toBe(Code.UNKNOWN);
    expect(statusFrom(failure('m', { code: 0, details: [], status: 404 })).code).toBe(5);
    expect(statusFrom(failure('m', { code: 200, details: [] })).code).toBe(Code.UNKNOWN);
  });
});

describe('the number in `code` of an error', () => {
  it.each([{ details: [] }, { details: '' }, { details: 'Gone.' }, { metadata: {} }])(
    'is an rpc code beside %j, as a Status or an RPC library has it',
    (fields) => {
      expect(statusFrom(failure('m', { code: 5, ...fields })).code).toBe(Code.NOT_FOUND);
      expect(statusFrom(failure('m', { code: '5', ...fields })).code).toBe(Code.NOT_FOUND);
    },
  );

  it.each([
    ['execFile', { code: 1, killed: false, signal: null, cmd: 'gcloud', stdout: '', stderr: '' }],
    ['execFile', { code: 5, killed: false, signal: null, cmd: 'gcloud' }],
    ['execFile', { code: 16 }],
    ['MongoDB', { code: 13, codeName: 'Unauthorized' }],
    ['PostgreSQL', { code: '23505', detail: 'Key (id)=(1) already exists.' }],
    ['SQLite', { code: 14, metadata: null, details: undefined }],
  ])('is not a code of a Status where nothing says so: %s', (_, fields) => {
    expect(statusFrom(failure('m', fields)).code).toBe(Code.UNKNOWN);
    expect(statusFrom(failure('m', { ...fields, status: 404 })).code).toBe(Code.NOT_FOUND);
  });

  it.each([126, 127, 137, 143, 255])('is UNKNOWN where it is the exit code %d', (code) => {
    expect(statusFrom(failure('m', { code })).code).toBe(Code.UNKNOWN);
  });
});

describe('an error of an HTTP client', () => {
  const body = {
    error: { code: 404, message: 'No such thing.', status: 'NOT_FOUND', details: [info] },
  };
  const read = { code: 5, message: 'No such thing.', details: [info] };

  it.each<[string, unknown]>([
    [
      'axios',
      failure('Request failed with status code 404', {
        name: 'AxiosError',
        code: 'ERR_BAD_REQUEST',
        status: 404,
        config: {},
        request: {},
        response: { status: 404, statusText: 'Not Found', headers: {}, data: body },
      }),
    ],
    [
      'gaxios',
      failure('No such thing.', {
        code: '404',
        status: 404,
        config: {},
        response: { status: 404, data: body },
      }),
    ],
    [
      'Angular',
      { name: 'HttpErrorResponse', ok: false, status: 404, message: 'Http', error: body },
    ],
    [
      'got',
      failure('m', {
        code: 'ERR_NON_2XX_3XX_RESPONSE',
        response: { statusCode: 404, body: JSON.stringify(body) },
      }),
    ],
    ['ofetch', failure('m', { status: 404, statusCode: 404, data: body })],
    ['undici', failure('m', { code: 'UND_ERR_RESPONSE_STATUS_CODE', statusCode: 404, body })],
    ['RxJS', failure('ajax error 404', { name: 'AjaxError', status: 404, response: body })],
    ['gapi', { result: body, body: JSON.stringify(body), status: 404, statusText: '' }],
    ['any, with the envelope in a list', failure('m', { response: { status: 404, data: [body] } })],
    [
      'any, with the text of the envelope',
      failure('m', { status: 404, body: JSON.stringify(body) }),
    ],
    ['any, with what the envelope holds', failure('m', { status: 404, error: body.error })],
    ['any, as an event', { type: 'error', error: failure('m', { body }) }],
  ])('has the code, message and details of the server: %s', (_, error) => {
    expect(statusFrom(error)).toEqual(read);
  });

  it.each([
    ['status', { status: 503 }],
    ['statusCode', { statusCode: 503 }],
    ['response.status', { response: { status: 503, data: '<html>503</html>' } }],
    ['response.statusCode', { response: { statusCode: 503, body: '' } }],
    ['code, as a number', { code: 503 }],
    ['code, as text', { code: '503' }],
    ['code, while the body is text', { code: 503, body: 'x', error: 'y', data: '5' }],
  ])('has the code for the HTTP status in %s', (_, fields) => {
    expect(statusFrom(failure('It failed.', fields))).toEqual({
      code: Code.UNAVAILABLE,
      message: 'It failed.',
      details: [],
    });
  });

  it('has the code for the HTTP status that is handed in, when it has none itself', () => {
    expect(statusFrom(failure('m'), 404).code).toBe(Code.NOT_FOUND);
    expect(statusFrom(failure('m', { status: 503 }), 404).code).toBe(Code.UNAVAILABLE);
    expect(statusFrom(failure('m', { code: 'ECONNRESET' }), 404).code).toBe(Code.NOT_FOUND);
  });

  it.each([99, 600, 1000, -1])('takes %d for no HTTP status', (status) => {
    expect(statusFrom(failure('m', { status })).code).toBe(Code.UNKNOWN);
  });

  it.each([100, 302])('takes %d for an HTTP status that tells nothing', (status) => {
    expect(statusFrom(failure('m', { status, code: 'ECONNRESET' })).code).toBe(Code.UNKNOWN);
  });

  it('has its own code and details where the body has none', () => {
    const error = failure('m', { code: 14, details: [info], error: { message: 'Of the body.' } });
    expect(statusFrom(error)).toEqual({ code: 14, message: 'Of the body.', details: [info] });
  });

  it('keeps an UNKNOWN that the server sent', () => {
    const error = failure('m', { status: 500, error: { error: { status: 'UNKNOWN', code: 500 } } });
    expect(statusFrom(error).code).toBe(Code.UNKNOWN);
  });

  it('has its own message where the body has none', () => {
    const error = failure('It failed.', { status: 500, body: { error: { status: 'DATA_LOSS' } } });
    expect(statusFrom(error)).toEqual({ code: 15, message: 'It failed.', details: [] });
    expect(statusFrom(failure('It failed.', { body: { status: 'DATA_LOSS' } })).code).toBe(15);
  });

  it('of Angular without an answer is UNAVAILABLE', () => {
    const error = {
      name: 'HttpErrorResponse',
      ok: false,
      status: 0,
      statusText: 'Unknown Error',
      message: 'Http failure response for https://example.com/v1/operations/1: 0 Unknown Error',
      error: { isTrusted: true, type: 'error' },
    };
    expect(statusFrom(error)).toEqual({
      code: Code.UNAVAILABLE,
      message: error.message,
      details: [],
    });
    expect(statusFrom({ ...error, error: { message: 'event' } }).code).toBe(Code.UNAVAILABLE);
  });

  it('of RxJS without an answer is UNAVAILABLE, and DEADLINE_EXCEEDED after its time', () => {
    expect(statusFrom(failure('ajax error', { name: 'AjaxError', status: 0 })).code).toBe(14);
    expect(statusFrom(failure('ajax timeout', { name: 'AjaxTimeoutError', status: 0 })).code).toBe(
      4,
    );
  });

  it('may be a Response that was thrown', () => {
    const error = new Response('busy', { status: 503, statusText: 'Service Unavailable' });
    expect(statusFrom(error)).toEqual({
      code: Code.UNAVAILABLE,
      message: 'Service Unavailable',
      details: [],
    });
    expect(statusFrom(new Response('fine')).code).toBe(Code.UNKNOWN);
    expect(statusFrom(Response.error()).code).toBe(Code.UNAVAILABLE);
  });

  it('may be a body of another make', () => {
    const spring = { timestamp: 'x', status: 503, error: 'Service Unavailable', path: '/v1' };
    const problem = { type: 'about:blank', title: 'Busy', status: 503, detail: 'Come back.' };
    const untold = { title: 'Busy', status: 503 };
    expect(statusFrom(spring)).toEqual({ code: 14, message: 'Service Unavailable', details: [] });
    expect(statusFrom(problem)).toEqual({ code: 14, message: 'Come back.', details: [] });
    expect(statusFrom(untold)).toEqual({ code: 14, message: 'Busy', details: [] });
    expect(statusFrom({ status: 503, details: 'Busy.' }).message).toBe('Busy.');
  });

  it('has the first body that says something', () => {
    const silent = { isTrusted: true };
    for (const empty of [silent, [silent], [], ['text'], [null], { status: 5 }]) {
      expect(statusFrom(failure('m', { error: empty, body, status: 404 }))).toEqual(read);
    }
  });

  it.each<[object, string, readonly unknown[]]>([
    [{ errors: [{ message: 'Of an error.' }] }, 'Of an error.', [{ message: 'Of an error.' }]],
    [{ details: [info] }, 'm', [info]],
    [{ message: 'Of a body.' }, 'Of a body.', []],
    [{ error: 'Of OAuth.' }, 'Of OAuth.', []],
  ])('may have a body with no more than %j', (data, message, details) => {
    expect(statusFrom(failure('m', { response: { status: 503, data } }))).toEqual({
      code: Code.UNAVAILABLE,
      message,
      details,
    });
  });

  it('may have the name of its code in `status`', () => {
    expect(statusFrom(failure('m', { status: 'NOT_FOUND', code: 503 })).code).toBe(Code.NOT_FOUND);
  });

  it('is none without an HTTP status of its own, but no rpc code is that large', () => {
    for (const fields of [{}, { ok: false }, { ok: false, status: '503' }, { status: 5 }]) {
      expect(statusFrom({ ...fields, code: 503 }).code).toBe(14);
    }
  });

  it('that holds itself is read no deeper', () => {
    const error = failure('It failed.', { code: 14, details: [] });
    Object.assign(error, { error, body: error });
    expect(statusFrom(error)).toEqual({ code: 14, message: 'It failed.', details: [] });
  });
});

const isNetworkFailure = (error: unknown): boolean => networkFailureOf(error) === 'passing';

describe('a failure of the network', () => {
  it.each([
    [
      'Node.js',
      new TypeError('fetch failed', {
        cause: failure('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' }),
      }),
    ],
    [
      'Node.js, cut off',
      new TypeError('terminated', {
        cause: failure('other side closed', { code: 'UND_ERR_SOCKET' }),
      }),
    ],
    ['Node.js http', failure('socket hang up', { code: 'ECONNRESET' })],
    [
      'Node.js http2',
      failure('The session has been destroyed', { code: 'ERR_HTTP2_INVALID_SESSION' }),
    ],
    ['Node.js DNS', failure('getaddrinfo EAI_AGAIN x', { code: 'EAI_AGAIN' })],
    ['Node.js, no port left', failure('x', { code: 'EADDRNOTAVAIL' })],
    ['undici', failure('Connect Timeout Error', { code: 'UND_ERR_CONNECT_TIMEOUT' })],
    ['Chrome', new TypeError('Failed to fetch')],
    ['Chrome, with the host', new TypeError('Failed to fetch (example.com)')],
    ['Chrome, cut off', new TypeError('network error')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Firefox, cut off', new TypeError('Error in body stream')],
    ['Safari', new TypeError('Load failed')],
    ['Safari, with the host', new TypeError('Load failed (example.com)')],
    ['Safari, cut off', new TypeError('The network connection was lost.')],
    ['Safari, offline', new TypeError('The Internet connection appears to be offline.')],
    ['Safari, refused', new TypeError('Could not connect to the server.')],
    ['Safari, too slow', new TypeError('The request timed out.')],
    [
      'Safari, no such host',
      new TypeError('A server with the specified hostname could not be found.'),
    ],
    [
      'Bun',
      failure('Unable to connect. Is the computer able to access the url?', {
        code: 'ConnectionRefused',
      }),
    ],
    [
      'Bun, cut off',
      failure('The socket connection was closed unexpectedly. For more', { code: 'ECONNRESET' }),
    ],
    [
      'Deno',
      new TypeError('error sending request for url (https://example.com/): connection refused'),
    ],
    ['Deno, cut off', new TypeError('error reading a body from connection')],
    ['React Native', new TypeError('Network request failed')],
    ['React Native, too slow', new TypeError('Network request timed out')],
    ['Cloudflare', new Error('Network connection lost.')],
    ['axios', failure('Network Error', { name: 'AxiosError', code: 'ERR_NETWORK' })],
    [
      'axios, too slow',
      failure('timeout of 10ms exceeded', { name: 'AxiosError', code: 'ECONNABORTED' }),
    ],
    ['node-fetch', failure('Premature close', { code: 'ERR_STREAM_PREMATURE_CLOSE' })],
    [
      'gaxios',
      failure('request failed', { error: failure('read ECONNRESET', { code: 'ECONNRESET' }) }),
    ],
    ['XMLHttpRequest', new DOMException('A network error occurred.', 'NetworkError')],
    ['all addresses', aggregate([failure('x', { code: 'ECONNREFUSED' })])],
    [
      'anything around it',
      new Error('my client failed', {
        cause: new Error('inner', { cause: failure('x', { code: 'EPIPE' }) }),
      }),
    ],
  ])('is UNAVAILABLE: %s [fact 29] [pain 6]', (_, error) => {
    expect(statusFrom(error).code).toBe(Code.UNAVAILABLE);
  });

  it.each(
    'ECONNRESET ECONNREFUSED ECONNABORTED EPIPE ETIMEDOUT EADDRNOTAVAIL EAI_AGAIN EAI_FAIL EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENETRESET EPROTO UND_ERR_SOCKET UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_CLOSED UND_ERR_DESTROYED ERR_NETWORK ERR_HTTP2_STREAM_ERROR ERR_STREAM_PREMATURE_CLOSE ERR_SOCKET_CLOSED ConnectionRefused ConnectionReset ConnectionClosed FailedToOpenSocket'.split(
      ' ',
    ),
  )('is what an error with the code %s tells of', (code) => {
    expect(isNetworkFailure({ code })).toBe(true);
    expect(isNetworkFailure({ code: `x${code}` })).toBe(false);
    expect(isNetworkFailure({ code: `${code}.x` })).toBe(false);
  });

  it.each([
    'fetch failed',
    'Failed to fetch',
    'NetworkError when attempting to fetch resource',
    'Error in input stream',
    'The network connection was lost',
    'The Internet connection appears to be offline',
    'Network request failed',
    'network error',
    'terminated',
    'Network connection lost',
    'socket hang up',
  ])('is what an error that says just "%s" tells of', (message) => {
    expect(isNetworkFailure({ message })).toBe(true);
    expect(isNetworkFailure({ message: `Never say ${message}` })).toBe(false);
    expect(isNetworkFailure({ message: `${message} again` })).toBe(false);
  });

  it.each([
    ['a fault of the program', new TypeError("Cannot read properties of undefined (reading 'x')")],
    ['an error of files', failure('no such file', { code: 'ENOENT' })],
    ['a code that is no text', failure('x', { code: { ECONNRESET: 1 } })],
    [
      'an error with errors that tell nothing',
      new AggregateError([], 'All promises were rejected'),
    ],
  ])('is not what %s is', (_, error) => {
    expect(statusFrom(error).code).toBe(Code.UNKNOWN);
  });

  it.each([
    ['a URL that is none', failure('Invalid URL', { code: 'ERR_INVALID_URL' })],
    [
      'a certificate that is not trusted',
      new TypeError('fetch failed', {
        cause: failure('certificate has expired', { code: 'CERT_HAS_EXPIRED' }),
      }),
    ],
    ['a certificate of nobody', failure('x', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })],
  ])('is FAILED_PRECONDITION, which no retry changes: %s', (_, error) => {
    expect(statusFrom(error).code).toBe(Code.FAILED_PRECONDITION);
  });

  it('is looked for in a chain of causes, but not without end', () => {
    const chain = (links: number): unknown =>
      links === 0 ? { code: 'ECONNRESET' } : { cause: chain(links - 1) };
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    expect(isNetworkFailure(chain(4))).toBe(true);
    expect(isNetworkFailure(chain(5))).toBe(false);
    expect(isNetworkFailure(circle)).toBe(false);
    expect(isNetworkFailure('ECONNRESET')).toBe(false);
  });
});

describe('a message', () => {
  it('tells the cause as well', () => {
    const error = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    expect(statusFrom(error).message).toBe('fetch failed: connect ECONNREFUSED');
  });

  it('does not tell the cause twice', () => {
    const error = new Error('It failed: no route', { cause: new Error('no route') });
    expect(statusFrom(error).message).toBe('It failed: no route');
  });

  it('is that of the cause when there is no other', () => {
    expect(statusFrom(failure('', { cause: new Error('no route') })).message).toBe('no route');
    expect(statusFrom(new Error('m', { cause: 'no record' })).message).toBe('m');
  });

  it('is that of the first address, where all were tried in vain', () => {
    const refused = aggregate([
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED 127.0.0.1:1'),
    ]);
    expect(statusFrom(refused).message).toBe('connect ECONNREFUSED ::1:1');
    expect(statusFrom(new TypeError('fetch failed', { cause: refused })).message).toBe(
      'fetch failed: connect ECONNREFUSED ::1:1',
    );
    expect(statusFrom(aggregate(['text'])).message).toBe('');
  });
});

describe('an abort', () => {
  it.each([
    ['the platform', new DOMException('This operation was aborted', 'AbortError')],
    ['an HTTP client', failure('m', { name: 'AbortError' })],
    ['Node.js', failure('The operation was aborted', { code: 'ABORT_ERR' })],
    ['axios', failure('canceled', { name: 'CanceledError' })],
    ['axios, by its code', failure('canceled', { code: 'ERR_CANCELED' })],
  ])('of %s is CANCELLED', (_, error) => {
    expect(statusFrom(error)).toEqual({
      code: Code.CANCELLED,
      message: error.message,
      details: [],
    });
    expect(statusFrom(error, 503).code).toBe(Code.CANCELLED);
  });

  it('by a timeout is DEADLINE_EXCEEDED', () => {
    const error = new DOMException('The operation timed out.', 'TimeoutError');
    expect(statusFrom(error)).toEqual({
      code: 4,
      message: 'The operation timed out.',
      details: [],
    });
  });
});

describe('a DOMException', () => {
  it.each([
    'NotFoundError',
    'InvalidStateError',
    'SyntaxError',
    'QuotaExceededError',
    'DataCloneError',
  ])('that is a %s has a legacy number for a code, which is no rpc code', (name) => {
    const error = new DOMException('m', name);
    expect(statusFrom(error)).toEqual({ code: Code.UNKNOWN, message: 'm', details: [] });
  });
});

describe('an error of this library', () => {
  it('gives the Status that it was made of', () => {
    const status = { code: 14, message: 'try later', details: [info] };
    const error = new CallFailedError({ method: 'get', operationName: 'operations/1', status });
    expect(statusFrom(error)).toEqual(status);
    expect(
      statusFrom(new CallFailedError({ method: 'get', status: { ...status, message: '' } })),
    ).toEqual({
      ...status,
      message: '',
    });
  });
});

describe('an error of another realm', () => {
  it('is known by its tag', () => {
    const error = { [Symbol.toStringTag]: 'Error', code: 503, message: 'm' };
    const exception = { [Symbol.toStringTag]: 'DOMException', name: 'NetworkError', message: 'm' };
    expect(statusFrom(error).code).toBe(Code.UNAVAILABLE);
    expect(statusFrom(exception).code).toBe(Code.UNAVAILABLE);
    expect(statusFrom({ [Symbol.toStringTag]: 'Thing', code: 5 }).code).toBe(5);
  });
});

describe('anything else', () => {
  it.each<[unknown, string]>([
    [undefined, ''],
    [null, ''],
    ['it broke', 'it broke'],
    ['', ''],
    [5, '5'],
    [0, '0'],
    [5n, '5'],
    [false, 'false'],
    [Symbol('s'), 'Symbol(s)'],
    [[], ''],
    [[1, 2], '1,2'],
    [[null], ''],
    [new Date(0), ''],
    [Object.create(null), ''],
  ])('%o is UNKNOWN and says what it says', (value, message) => {
    expect(statusFrom(value)).toEqual({ code: Code.UNKNOWN, message, details: [] });
  });

  it.each<[number, CodeName]>([
    [404, 'NOT_FOUND'],
    [503, 'UNAVAILABLE'],
    [200, 'UNKNOWN'],
    [204, 'UNKNOWN'],
    [302, 'UNKNOWN'],
  ])('with HTTP %i is %s', (http, name) => {
    expect(statusFrom('text', http)).toEqual({ code: Code[name], message: 'text', details: [] });
    expect(statusFrom(undefined, http)).toEqual({ code: Code[name], message: '', details: [] });
  });

  it('says nothing when it throws while it is read', () => {
    const thrower = {
      get code(): number {
        throw new Error('no');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const value of [thrower, proxy]) {
      expect(statusFrom(value)).toEqual({ code: Code.UNKNOWN, message: '', details: [] });
      expect(statusFrom(value, 503)).toEqual({ code: Code.UNAVAILABLE, message: '', details: [] });
    }
  });

  it('is never more than an integer, a text and a list', () => {
    const part = fc.anything({ withBigInt: true, withNullPrototype: true });
    const value = fc.record(
      { code: part, status: part, message: part, details: part, error: part, errors: part },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(value, fc.record({ error: value })), (each) => {
        const status = statusFrom(each);
        expect(Object.keys(status)).toEqual(['code', 'message', 'details']);
        expect(Number.isInteger(status.code)).toBe(true);
        expect(typeof status.message).toBe('string');
        expect(Array.isArray(status.details)).toBe(true);
      }),
    );
  });
});
