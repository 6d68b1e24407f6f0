import { conformanceScenarios, type ConformanceReport, type ConformanceResult } from './run.js';

/**
 * Makes a table in Markdown: a row for each scenario, a column for each kind of client, and beneath it
 * the reasons why a scenario does not apply.
 *
 * @param reports - What `runConformance` gave.
 * @returns The table, without a newline at its end.
 */
export function conformanceTable(reports: readonly ConformanceReport[]): string {
  const reasons: string[] = [];
  const cell = (result: ConformanceResult | undefined): string => {
    if (result === undefined) return 'not run';
    if (result.outcome === 'passed') return '✓';
    if (result.outcome === 'failed') return '✗';
    if (!reasons.includes(result.reason)) reasons.push(result.reason);
    return `– ${reasons.indexOf(result.reason) + 1}`;
  };
  const rows = conformanceScenarios.map(({ id, title }) => [
    title,
    ...reports.map(({ results }) => cell(results.find((result) => result.id === id))),
  ]);
  const table = [['', ...reports.map(({ subject }) => subject)], ...rows];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0), 3),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((each, column) => each.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...body.map(line),
    ...(reasons.length === 0 ? [] : ['']),
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
  ].join('\n');
}
