// Prints what a learned backoff brings: node --import tsx test/learned/print-figures.ts

import { learnedTable, rivalsTable, source } from './figures-tables.js';

console.log(`${source}\n\nCalls and delay beside the default backoff:\n\n${learnedTable()}`);
console.log(`\nDelay beside the best exponential backoff, and cost:\n\n${rivalsTable()}`);
