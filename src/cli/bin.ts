#!/usr/bin/env node
import { main } from './main.js';

// A pipe that is closed, as by `head`, is no failure of the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

await main(process.argv.slice(2), process);
