import { firstValueFrom, toArray } from 'rxjs';
import { cancelOperation } from '../../core/cancel-operation.js';
import { getOperation } from '../../core/get-operation.js';
import type { ListOperationsRequest, OperationsClient } from '../../core/client.js';
import { CallFailedError } from '../../core/errors/call-failed-error.js';
import { OperationFailedError } from '../../core/errors/operation-failed-error.js';
import { listOperations } from '../../core/list/list-operations.js';
import { listPages } from '../../core/list/list-pages.js';
import type { OperationsPage } from '../../core/answer/page.js';
import { Code } from '../../core/status/code.js';
import { waitForDone } from '../../core/wait-for-done.js';
import { failureOf, holds, same } from './check.js';
import { quick, type ConformanceScenario } from './scenario.js';

const text = 'Ü → 漢字 🚀 \u0000 "\\';

// The name goes into another place of the request there.
async function cancelIfThere(client: OperationsClient, name: string): Promise<void> {
  try {
    await cancelOperation(client, name, quick);
  } catch (error) {
    if (!(error instanceof CallFailedError && error.code === Code.UNIMPLEMENTED)) throw error;
  }
}

async function pagesOf(
  client: OperationsClient,
  request: ListOperationsRequest,
): Promise<OperationsPage[]> {
  return firstValueFrom(listPages(client, request, quick).pipe(toArray()));
}

/** Lists, names and what operations hold. */
export const values: readonly ConformanceScenario[] = [
  {
    id: 'list-pages',
    title: 'List: all pages, with empty ones among them',
    service: { pageSize: 2, emptyPages: 1 },
    run: async ({ client, parent, start }) => {
      const names = ['a', 'b', 'c', 'd', 'e'].map((id) => start({}, id).name);
      const seen: string[] = [];
      await listOperations(client, { name: parent }, quick).forEach(({ name }) => seen.push(name));
      same('the names', seen, names);
    },
  },
  {
    id: 'list-unreachable',
    title: 'List: places that cannot be reached are named',
    service: { unreachable: ['projects/p/locations/far'] },
    run: async ({ client, parent, start }) => {
      start({});
      const request = { name: parent, returnPartialSuccess: true };
      const pages = await pagesOf(client, request);
      const places = new Set(pages.flatMap(({ unreachable }) => unreachable));
      same('the places', places, new Set(['projects/p/locations/far']));
    },
  },
  {
    id: 'list-request',
    title: 'List: filter and page size arrive',
    run: async ({ client, parent, start }) => {
      const done = ['a', 'b', 'c'].map((id) => start({ response: { id } }, id).name);
      start({}, 'd');
      const request = { name: parent, filter: 'done=true', pageSize: 2 };
      const pages = await pagesOf(client, request);
      const names = pages.map(({ operations }) => operations.map(({ name }) => name));
      same('the names on each page', names, [done.slice(0, 2), done.slice(2)]);
    },
  },
  {
    id: 'names',
    title: 'Names with `:`, `(default)`, Unicode and twelve segments',
    run: async ({ client, fake, operationName }) => {
      const deep = 'projects/p/databases/(default)/a/b/c/d/e:f/g/operations/Ü 7';
      const names = [deep, operationName('a:b'), operationName('(default)')];
      for (const name of names) {
        fake.start({ name });
        same('the name', (await getOperation(client, name, quick)).name, name);
        await cancelIfThere(client, name);
      }
      same('the names that arrived', new Set(fake.calls.map((call) => call.name)), new Set(names));
    },
  },
  {
    id: 'unicode',
    title: 'Unicode: metadata, responses and messages',
    run: async ({ client, start, plain, plainMetadata }) => {
      const good = start({ metadata: { [text]: text }, response: { [text]: [text] } }, 'a');
      const { metadata, response } = await getOperation(client, good.name, quick);
      same('the metadata', plainMetadata(metadata), { [text]: text });
      same('the response', plain(response), { [text]: [text] });
      const bad = start({ error: { code: Code.INTERNAL, message: text } }, 'b');
      const failure = await failureOf(waitForDone(client, bad.name, quick), OperationFailedError);
      holds(`the message ${failure.message} has ${text}`, failure.message.includes(text));
    },
  },
  {
    id: 'large',
    title: 'A response of 5 MB',
    run: async ({ client, start, plain }) => {
      const film = 'Ü'.repeat(2.5 * 1024 * 1024);
      const { name } = start({ response: { film } });
      const response = plain(await waitForDone(client, name, quick)) as { film?: unknown };
      holds('it arrives whole', response.film === film);
    },
  },
];
