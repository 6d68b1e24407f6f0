/**
 * `npm start` takes a tour through the library, on a fake service of its own.
 * `npm start -- --base-url URL NAME` awaits an operation of a real service.
 */
import { parseArguments, usage, UsageError } from './quickstart/arguments.js';
import { awaitOne } from './quickstart/await-one.js';
import { Display } from './quickstart/display.js';
import { takeTour } from './quickstart/tour.js';

async function main(args: readonly string[]): Promise<number> {
  const command = parseArguments(args);
  if (command === 'help') {
    console.log(usage);
    return 0;
  }
  const display = new Display(process.stdout);
  if (command !== 'tour') return awaitOne(command, display);
  await takeTour(display);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
