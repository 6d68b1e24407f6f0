// Compares the public API of each entry point with the report that is kept beside this file, and
// writes the reports anew with --update.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const update = process.argv.includes('--update');
const folder = dirname(fileURLToPath(import.meta.url));
const root = resolve(folder, '../..');
const { exports } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));

const reportFile = (name) => resolve(folder, `${name}.api.md`);
const silent = { default: { logLevel: 'none' } };

let coreExports = new Set();
let failed = false;

for (const [subpath, target] of Object.entries(exports)) {
  if (typeof target === 'string') continue;
  const name = subpath === '.' ? 'core' : subpath.slice('./'.length);
  const messages = [];

  if (!existsSync(reportFile(name)) && !update) {
    console.error(`${name}: there is no report yet. Write it with: npm run api`);
    failed = true;
    continue;
  }

  const { apiReportChanged } = Extractor.invoke(
    ExtractorConfig.prepare({
      packageJsonFullPath: resolve(root, 'package.json'),
      configObjectFullPath: undefined,
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: resolve(root, target.import.types),
        newlineKind: 'lf',
        compiler: { tsconfigFilePath: resolve(root, 'tsconfig.esm.json') },
        apiReport: {
          enabled: true,
          reportFileName: name,
          reportFolder: folder,
          reportTempFolder: resolve(root, 'temp'),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: 'error' } },
          extractorMessageReporting: {
            ...silent,
            'ae-forgotten-export': { logLevel: 'error' },
            'ae-incompatible-release-tags': { logLevel: 'error' },
          },
          tsdocMessageReporting: silent,
        },
      },
    }),
    {
      localBuild: update,
      printApiReportDiff: true,
      messageCallback: (message) => {
        message.handled = true;
        if (message.messageId === 'console-api-report-unchanged') return;
        // What the core exports needs no second export elsewhere.
        if (message.messageId === 'ae-forgotten-export') {
          const symbol = /"(\w+)"/.exec(message.text)?.[1];
          if (name !== 'core' && coreExports.has(symbol)) return;
        }
        if (message.logLevel === 'error') messages.push(message.formatMessageWithLocation(root));
        if (message.messageId === 'console-api-report-diff') messages.push(message.text);
      },
    },
  );

  const report = await readFile(reportFile(name), 'utf8');
  if (name === 'core') coreExports = new Set(declared(report));

  if (apiReportChanged && !update) {
    messages.push('The API has changed. If that is meant: npm run api');
  }
  if (messages.length > 0) failed = true;
  console.log(`${name}: ${declared(report).length} exports`);
  for (const message of messages) console.error(`${name}: ${message}`);
}

if (failed) process.exitCode = 1;

/** @returns {string[]} The names that a report lists. */
function declared(report) {
  return [
    ...report.matchAll(
      /^export (?:declare |abstract |async )*(?:class|const|enum|function|interface|let|namespace|type) (\w+)/gm,
    ),
  ].map(([, name]) => name);
}
