// Measures all there is to measure; writes RESULTS.md next to this file and the tables of the
// guides. With --quick what takes time and memory is measured once, which chance may spoil.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

import { learnedTable, rivalsTable, source as learnedText } from '../learned/figures-tables.js';
import { fleetCostTable, fleetNewsTable, fleetNewsText, measureFleetCost } from './fleet.js';
import {
  compareWithGax,
  measureSets,
  newsTable,
  OPERATIONS,
  percent,
  SEED,
  seconds,
  SEEDS,
} from './news/news-tables.js';
import { LATENCY } from './news/news.js';
import { measureOverhead, overheadTable, overheadText } from './overhead.js';
import { sizeTable } from './size.js';
import { startTable } from './start.js';
import { table } from './table.js';
import { measureWire, wireTable, wireText } from './wire.js';

const root = new URL('../../', import.meta.url);
const results = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const guide = fileURLToPath(new URL('src/core/README.md', root));
const learnedGuide = fileURLToPath(new URL('src/learned/README.md', root));

function versionOf(name: string): string {
  const path = name === 'rx-lro' ? 'package.json' : `node_modules/${name}/package.json`;
  const { version } = JSON.parse(readFileSync(new URL(path, root), 'utf8')) as { version: string };
  return `${name} ${version}`;
}

const isQuick = process.argv.includes('--quick');
const repetitions = isQuick ? 1 : 3;
const imports = isQuick ? 1 : 7;

const sets = await measureSets();
const { own, gax } = await compareWithGax();
// Two measure memory side by side; what measures time has the machine to itself.
const [delay, call] = await Promise.all([
  measureOverhead('delay', repetitions),
  measureOverhead('call', repetitions),
]);
const cpu = await measureOverhead('cpu', repetitions);
const wireRounds = isQuick ? 3 : 21;
const wire = [await measureWire('http', wireRounds), await measureWire('grpc', wireRounds)];
const fleetCost = await measureFleetCost();
const size = await sizeTable(imports);
const startUp = await startTable(isQuick ? 3 : 21);

const packages = ['google-gax', '@azure/core-lro', '@smithy/util-waiter', 'rxjs', 'esbuild'];
const text = `# Results

Written by \`npm run bench\`. Seed ${SEED}.

${[`Node ${process.versions.node}`, ...['rx-lro', ...packages].map(versionOf)].join(', ')};
${cpus()[0]?.model ?? 'an unknown processor'}.

## How soon the result is known, and for how many calls

${OPERATIONS} operations of each kind, watched in made-up time: every package runs as it is, on timers and
clocks that are replaced. A call takes ${LATENCY} ms, and the server reads the state in the middle of it. The delay is from
the end of an operation until the program knows it. All go by their own defaults. Two have none: the bare
loop and RxJS ask at an even pace, which is the better the less the durations differ, and is not known
beforehand. The Smithy waiter has to be told how long to wait; it is told to wait for the longest.

${sets.map(({ name, news }) => `### ${capital(name)}\n\n${newsTable(news)}`).join('\n\n')}

In the last rows the operations tell their progress, in even steps; where it is said, at an uneven pace:
as the square root of the time, or as its square. The server that can wait does so for as long as it is
asked to. The notifier emits once, at the end of the operation or up to a second later, by chance.

### Over ${SEEDS.length} seeds

The delays of so few operations differ by chance. So two are compared once more on log-uniform durations,
by their means over the seeds ${SEEDS[0]} to ${SEEDS.at(-1)}.

${newsTable([
  ['rx-lro', own],
  ['google-gax', gax],
])}

## Learned backoff

${learnedText} A call takes 50 ms.

Calls and delay, as parts of those of the default backoff: when the past was like the present, and when
all took a tenth of the time, or ten times as long.

${learnedTable()}

The delay relative to that of the best capped exponential backoff with no more calls, of which start, factor
and cap were searched; the same for the optimum for the true distribution; and the cost, delay and calls
together, relative to the minimum.

${rivalsTable()}

## Fleets

${fleetNewsText}

${fleetNewsTable()}

What a process costs that watches a fleet by \`waitForDone\`, in real time: one signal for all, lists of 1,000,
5 calls per second. Heap is what is in use after a collection while all of them are watched.

${fleetCostTable(fleetCost)}

## Overhead

20,000 operations are watched at once, 20 calls each, all with 100 ms between two calls. The service
answers at once, with a fresh object. The timers are those of Node, since a timer is a part of what a
watched operation costs. CPU is that of the whole process, with its garbage collection. Heap is
what is in use after a collection, less what was before: while all operations wait for their next call,
and while all of them wait for an answer. Each figure is the median of ${repetitions}, each of a process of its own.
rx-lro has a signal, a listener of events and retries in place; the others are as they come.

${overheadTable({ cpu, delay, call })}

## Over the wire

${wireText}

${wireTable(wire)}

## Size and start

Bytes of a bundle, minified and gzipped: without the dependencies, and with them. Of the others it is
what one needs to wait for an operation; google-gax is bundled for Node, the only place it is made for.
The import is that of the whole package: the median of ${imports}, each in a process of its own.

${size}

The command, from its start to its end: the median of processes that run in turn.

${startUp}
`;
writeFileSync(results, text);
console.log(text);

const summary = table(
  ['', 'calls', 'mean delay', 'delay / duration', 'CPU of a call', 'heap between calls'],
  [...sets[0]!.news].map(([name, { calls, delay: late, relative }]) => {
    const [microseconds, bytes] = [cpu.get(name), delay.get(name)];
    return [
      name,
      calls.toFixed(1),
      seconds(late),
      percent(relative),
      microseconds === undefined ? '' : overheadText('cpu', microseconds),
      bytes === undefined ? '' : overheadText('delay', bytes),
    ];
  }),
);
writeFileSync(
  guide,
  withBlock(
    withBlock(readFileSync(guide, 'utf8'), 'bench', summary),
    'bench wire',
    wireTable(wire),
  ),
);

writeFileSync(
  learnedGuide,
  withBlock(readFileSync(learnedGuide, 'utf8'), 'bench learned', learnedTable()),
);

function withBlock(page: string, name: string, content: string): string {
  const block = new RegExp(`(<!-- ${name} -->\\n)[^]*(<!-- /${name} -->)`);
  return page.replace(block, (_, start: string, end: string) =>
    [start, content, '', end].join('\n'),
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
