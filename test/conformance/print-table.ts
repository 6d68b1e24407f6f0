// Runs the conformance suite against every kind of client and prints the table of the guide of clients;
// with --write it writes the table there.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { conformanceTable, runConformance, type ConformanceReport } from 'rx-lro/testing';

import { allSubjects } from './all-subjects.js';

const guide = fileURLToPath(new URL('../../src/clients/README.md', import.meta.url));
const reports: ConformanceReport[] = [];
for (const subject of await allSubjects()) reports.push(await runConformance(subject));
const table = conformanceTable(reports);
console.log(table);

const failures = reports.flatMap(({ subject, results }) =>
  results.flatMap((result) => (result.outcome === 'failed' ? [{ subject, ...result }] : [])),
);
for (const { subject, id, error } of failures) console.error(`${subject}, ${id}:`, error);
if (failures.length > 0) process.exitCode = 1;

if (process.argv.includes('--write')) {
  const block = /(<!-- conformance -->\n)[^]*(<!-- \/conformance -->)/;
  writeFileSync(
    guide,
    readFileSync(guide, 'utf8').replace(block, (_, start: string, end: string) =>
      [start, table, '', end].join('\n'),
    ),
  );
}
// Some of the clients keep their connections.
process.exit();
