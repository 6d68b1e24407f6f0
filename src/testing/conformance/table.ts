import { conformanceScenarios, type ConformanceReport, type ConformanceResult } from './run.js';

/**
 * Makes a table in Markdown: a row for each scenario, a column for each kind of client, and below it the
 * reasons why a scenario does not apply.
 *
 * @param reports - The results of `runConformance`.
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
  const head = ['', ...reports.map(({ subject }) => subject)];
  // A row has a cell for each of the head.
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => String(row[column]).length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => String(cells[column]).padEnd(width)).join(' | ')} |`;
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    ...(reasons.length === 0 ? [] : ['']),
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
  ].join('\n');
}
