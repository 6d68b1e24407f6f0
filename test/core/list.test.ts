import fc from 'fast-check';
import { VirtualTimeScheduler, of, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  Code,
  ProtocolError,
  listNext,
  listOperations,
  listPages,
  type ListOperationsRequest,
  type Operation,
  type OperationsClient,
  type OperationsPage,
} from 'rx-lro';
import { errorOf, observe } from '../support/observe.js';
import { ScriptedClient } from '../support/scripted-client.js';

const parent = { name: 'projects/p' };
const page = (names: readonly string[], nextPageToken?: string) => ({
  value: { operations: names.map((name) => ({ name })), nextPageToken },
});
const names = (operations: readonly Operation[]): string[] => operations.map(({ name }) => name);

/** A client over pages, which remembers the requests. */
function paged(pages: readonly object[]): {
  client: OperationsClient;
  requests: ListOperationsRequest[];
} {
  const requests: ListOperationsRequest[] = [];
  return {
    requests,
    client: {
      get: () => of({}),
      list: (request) => {
        requests.push(request);
        return of(pages[requests.length - 1]!);
      },
    },
  };
}

async function taken<T>(source: AsyncIterable<T>, count = Infinity): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) {
    values.push(value);
    if (values.length >= count) break;
  }
  return values;
}

describe('listOperations', () => {
  const pages = [
    page(['a', 'b'], 't1').value,
    page([], 't2').value,
    page(['c'], 't3').value,
    page([], '').value,
  ];

  it('goes over all pages; an empty page is not the last [fact 24]', async () => {
    const { values, ends } = observe(listOperations(paged(pages).client, parent));
    expect(names(values)).toEqual(['a', 'b', 'c']);
    expect(ends).toEqual(['complete']);
    expect(names(await taken(listOperations(paged(pages).client, parent)))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('keeps all of the request but the page token, from page to page [fact 23] [fact 24]', () => {
    const { client, requests } = paged(pages);
    const request = { ...parent, filter: 'done=true', pageSize: 2, returnPartialSuccess: true };
    observe(listOperations(client, request));
    expect(requests).toEqual([
      request,
      { ...request, pageToken: 't1' },
      { ...request, pageToken: 't2' },
      { ...request, pageToken: 't3' },
    ]);
  });

  it('begins at the page that the request names', () => {
    const { client, requests } = paged([page(['z']).value]);
    observe(listOperations(client, { ...parent, pageToken: 'middle' }));
    expect(requests).toEqual([{ ...parent, pageToken: 'middle' }]);
  });

  it('iterated, fetches no page before it is asked for', async () => {
    const { client, requests } = paged(pages);
    expect(names(await taken(listOperations(client, parent), 2))).toEqual(['a', 'b']);
    expect(requests).toHaveLength(1);
  });

  it('subscribed to, fetches no page after the subscriber left', () => {
    const { client, requests } = paged(pages);
    observe(listOperations(client, parent).pipe(take(1)));
    expect(requests).toHaveLength(1);
  });

  it('makes no call before it is subscribed to or iterated', () => {
    const { client, requests } = paged(pages);
    listOperations(client, parent)[Symbol.asyncIterator]();
    expect(requests).toEqual([]);
  });

  it('starts anew with each subscription and each loop', async () => {
    const { client, requests } = paged([...pages, ...pages]);
    const operations = listOperations(client, parent);
    observe(operations);
    await taken(operations);
    expect(requests[4]).toEqual(parent);
  });

  it('takes 20,000 pages that are answered at once, without running out of stack', () => {
    let calls = 0;
    const client: OperationsClient = {
      get: () => of({}),
      list: () =>
        of({
          operations: [{ name: 'x' }],
          nextPageToken: (calls += 1) < 20_000 ? `t${calls}` : '',
        }),
    };
    expect(observe(listOperations(client, parent)).values).toHaveLength(20_000);
  });

  it('gives snapshots: statuses read, wire quirks gone', () => {
    const { client } = paged([{ operations: [{ name: 'a', done: true, error: { code: 5 } }] }]);
    expect(observe(listOperations(client, parent)).values).toEqual([
      { name: 'a', done: true, error: { code: 5, message: '', details: [] } },
    ]);
  });

  it.each([
    ['no object', 'a text'],
    ['a list', []],
    ['operations that are no list', { operations: {} }],
    ['an operation that is none', { operations: [7] }],
    ['a page token that is no text', { nextPageToken: 7 }],
    ['unreachable places that are no list', { unreachable: 'x' }],
  ])('calls %s a ProtocolError', (_, answer) => {
    const { client } = paged([answer as object]);
    const error = errorOf(observe(listOperations(client, parent)));
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toContain('Listing the operations of projects/p: the answer');
  });

  it('calls a method that answers nothing a ProtocolError', () => {
    const client = { get: () => of({}), list: () => undefined as never };
    expect(errorOf(observe(listOperations(client, parent)))).toBeInstanceOf(ProtocolError);
  });

  it.each([
    ['the same one again', ['a', 'a']],
    ['one from before', ['a', 'b', 'c', 'a']],
    ['the one it began with', ['start']],
  ])('ends with a ProtocolError when a page token comes twice: %s [fact 26]', (_, tokens) => {
    const { client, requests } = paged(tokens.map((token) => page(['x'], token).value));
    const record = observe(listOperations(client, { ...parent, pageToken: 'start' }));
    expect(errorOf(record)).toMatchObject({ kind: 'protocol' });
    expect((errorOf(record) as Error).message).toContain('page token');
    expect(requests).toHaveLength(tokens.length);
  });

  it('tries a page again that fails, and no other', () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, {
      list: [page(['a'], 't'), { error: { code: Code.UNAVAILABLE } }, page(['b'])],
    });
    const retry = { startingDelay: 10, jitter: 'none' } as const;
    const { values, ends } = observe(listOperations(scripted.client, parent, { scheduler, retry }));
    scheduler.flush();
    expect(names(values)).toEqual(['a', 'b']);
    expect(ends).toEqual(['complete']);
    expect(scripted.times('list')).toEqual([0, 0, 10]);
  });

  it('means UNIMPLEMENTED where the client has no list', async () => {
    const client = { get: () => of({}) };
    expect(errorOf(observe(listOperations(client, parent)))).toMatchObject({
      kind: 'call-failed',
      code: Code.UNIMPLEMENTED,
      method: 'list',
    });
    await expect(taken(listOperations(client, parent))).rejects.toMatchObject({
      code: Code.UNIMPLEMENTED,
    });
  });

  it("is given up by its signal, with the signal's own reason, and nothing is left", async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { list: ['hang'] });
    const controller = new AbortController();
    const reason = new Error('enough');
    const options = { scheduler, signal: controller.signal };
    const record = observe(listOperations(scripted.client, parent, options));
    const looping = taken(listOperations(scripted.client, parent, options)).catch(
      (e: unknown) => e,
    );
    await Promise.resolve();
    await Promise.resolve();
    expect(scripted.inFlight).toBe(2);
    controller.abort(reason);
    expect(errorOf(record)).toBe(reason);
    await expect(looping).resolves.toBe(reason);
    expect([scripted.inFlight, scheduler.actions.length]).toEqual([0, 0]);
    expect(errorOf(observe(listOperations(scripted.client, parent, options)))).toBe(reason);
  });

  it('stops in the same tick when it is unsubscribed, or its loop is left', async () => {
    const scheduler = new VirtualTimeScheduler();
    const scripted = new ScriptedClient(scheduler, { list: ['hang'] });
    const { signal } = new AbortController();
    observe(
      listOperations(scripted.client, parent, { scheduler, signal }),
    ).subscription.unsubscribe();
    const iterator = listOperations(scripted.client, parent, { scheduler, signal })[
      Symbol.asyncIterator
    ]();
    const next = iterator.next();
    await Promise.resolve();
    expect(scripted.inFlight).toBe(1);
    await iterator.return!();
    expect([scripted.inFlight, scheduler.actions.length]).toEqual([0, 0]);
    await expect(next).resolves.toEqual({ done: true, value: undefined });
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('iterated, answers questions that come before their answers, in order', async () => {
    const { client } = paged(pages);
    const iterator = listOperations(client, parent)[Symbol.asyncIterator]();
    const results = await Promise.all([
      iterator.next(),
      iterator.next(),
      iterator.next(),
      iterator.next(),
    ]);
    expect(results.map((result) => (result.done === true ? 'end' : result.value.name))).toEqual([
      'a',
      'b',
      'c',
      'end',
    ]);
  });

  it('iterated after it failed, is at its end', async () => {
    const { client } = paged([{ operations: 7 }]);
    const iterator = listOperations(client, parent)[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toBeInstanceOf(ProtocolError);
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('gives every operation once and in order, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        async (all) => {
          const answers = all.map(
            (numbers, index) =>
              page(numbers.map(String), index === all.length - 1 ? undefined : `t${index}`).value,
          );
          const expected = all.flat().map(String);
          expect(names(observe(listOperations(paged(answers).client, parent)).values)).toEqual(
            expected,
          );
          expect(names(await taken(listOperations(paged(answers).client, parent)))).toEqual(
            expected,
          );
        },
      ),
    );
  });
});

describe('listPages', () => {
  it('gives the pages, with what could not be reached [fact 23] [fact 25]', () => {
    const { client } = paged([
      { operations: [{ name: 'a' }], nextPageToken: 't', unreachable: ['locations/x'] },
      { unreachable: ['locations/y'] },
    ]);
    const record: OperationsPage[] = observe(listPages(client, parent)).values;
    expect(record).toEqual([
      {
        operations: [{ name: 'a', done: false }],
        nextPageToken: 't',
        unreachable: ['locations/x'],
      },
      { operations: [], unreachable: ['locations/y'] },
    ]);
  });

  it('leaves out places that are no text, and survives a page that throws when it is read', () => {
    const odd = { unreachable: ['locations/x', { toString: 1, valueOf: 1 }, 7] };
    expect(observe(listPages(paged([odd]).client, parent)).values).toEqual([
      { operations: [], unreachable: ['locations/x'] },
    ]);
    const hostile = {
      get operations(): never {
        throw new Error('mine');
      },
    };
    const error = errorOf(observe(listPages(paged([hostile]).client, parent)));
    expect(error).toMatchObject({ kind: 'protocol', cause: { message: 'mine' } });
  });

  it('iterated, fetches one page at a time', async () => {
    const { client, requests } = paged([page(['a'], 't').value, page(['b']).value]);
    const iterator = listPages(client, parent)[Symbol.asyncIterator]();
    await iterator.next();
    expect(requests).toHaveLength(1);
    await iterator.next();
    expect(requests).toHaveLength(2);
    await expect(iterator.next()).resolves.toEqual({ done: true, value: undefined });
  });
});

describe('listNext', () => {
  it('makes the next request out of the one before and its answer', () => {
    const request = { ...parent, pageSize: 5, pageToken: 'old' };
    expect(listNext(request, { nextPageToken: 'new' })).toEqual({
      ...parent,
      pageSize: 5,
      pageToken: 'new',
    });
  });

  it.each([[''], [undefined], [null]])(
    'gives undefined after the last page: its token is %o',
    (nextPageToken) => {
      expect(listNext(parent, { operations: [{ name: 'a' }], nextPageToken })).toBeUndefined();
    },
  );
});
