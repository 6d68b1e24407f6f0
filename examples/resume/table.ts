import { appendFile, readFile } from 'node:fs/promises';
import type { Verdict, WaitState } from 'rx-lro/step';

/** A row for each operation. A column that is not set yet is undefined. */
export interface Row {
  readonly name: string;
  readonly response?: unknown;
  readonly error?: unknown;
  readonly state?: WaitState;
  readonly cancel?: string;
  readonly verdict?: Verdict;
}

/** In place of a table of your database: a file to which each change adds a line. */
export interface Table {
  rows(): Promise<readonly Row[]>;
  get(name: string): Promise<Row>;
  /** Sets columns of a row; the others stay. */
  put(row: Row): Promise<void>;
}

/** Opens a table, which may not exist yet. */
export function openTable(file: string): Table {
  const read = async (): Promise<Map<string, Row>> => {
    const rows = new Map<string, Row>();
    const text = await readFile(file, { encoding: 'utf8', flag: 'a+' });
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const row = JSON.parse(line) as Row;
      rows.set(row.name, { ...rows.get(row.name), ...row });
    }
    return rows;
  };
  return {
    rows: async () => [...(await read()).values()],
    get: async (name) => (await read()).get(name) ?? { name },
    put: (row) => appendFile(file, `${JSON.stringify(row)}\n`),
  };
}
