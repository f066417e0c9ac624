import type { Report, ReportColumn } from '../model/report.ts';
import type { Finding } from '../model/verdict.ts';
import { bytes, cells, code, table, text } from './markdown-text.ts';
import {
  formatCount,
  formatDistance,
  formatDuration,
  formatNumber,
  formatPoints,
  formatQuantity,
  formatShare,
} from './numbers.ts';
import * as outcomesSection from './sections/outcomes.ts';
import {
  findingTitles,
  missingRows,
  outcomes,
  outcomeWords,
  period,
  provable,
  roleWords,
  severityWords,
  statusWords,
  stopsTheGate,
} from './words.ts';

/** A comment of GitHub takes 65,536 characters; the rest is for what somebody puts around ours. In bytes, so it holds in both. */
const sizeBytes = 60_000;
const findingsBytes = 24_000;
const notesShown = 8;

/**
 * The report as GitHub-flavoured Markdown, for a comment or a job's summary: the verdict, the findings, and folded away the
 * columns and the method. Never longer than a comment may be; what is left out is counted.
 */
export function renderMarkdown(report: Report): string {
  const head = [
    // finds its own comment again
    '<!-- driftgate -->',
    verdict(report),
    datasets(report),
    findings(report),
    outcomesSection.markdownLines(report).join('\n'),
  ].filter((part) => part !== '');
  const tail = [method(report)];
  const used = [...head, ...tail].reduce((sum, part) => sum + bytes(part) + 2, 0);
  return `${[...head, columns(report, sizeBytes - used), ...tail].filter((part) => part !== '').join('\n\n')}\n`;
}

function verdict({ gate }: Report): string {
  const { word, symbol } = statusWords[gate.status];
  const told = outcomes
    .filter((outcome) => gate.counts[outcome] > 0)
    .map((outcome) => `${formatCount(gate.counts[outcome])} ${outcomeWords[outcome].word}`);
  return [
    `## ${symbol} ${word}: ${text(gate.reason, 300)}`,
    '',
    `${told.length === 0 ? 'No columns' : `Columns: ${told.join(', ')}`}. Exit code ${gate.exitCode}; the gate stops at ${gate.failOn} (${severityWords[gate.failOn]})${gate.failOn === 'P1' ? '' : ' or worse'}.`,
  ].join('\n');
}

function datasets(report: Report): string {
  const spans = { reference: period(report, 'reference'), current: period(report, 'current') };
  const timed = spans.reference !== null || spans.current !== null;
  const row = (side: 'reference' | 'current') => {
    const { rows, files, paths, rejectedRows } = report.datasets[side];
    const more = files.length > 1 ? ` and ${formatQuantity(files.length - 1, 'more file')}` : '';
    const rejected = rejectedRows > 0 ? ` (${formatQuantity(rejectedRows, 'malformed row')} left out)` : '';
    return cells([
      side,
      `${formatCount(rows)}${rejected}`,
      ...(timed ? [spans[side] ?? ''] : []),
      code(files[0]?.path ?? paths[0] ?? '', 160) + more,
    ]);
  };
  return table(
    ['data', '>rows', ...(timed ? ['period'] : []), 'files'],
    [row('reference'), row('current')],
    Number.POSITIVE_INFINITY,
    () => '',
  );
}

function findings(report: Report): string {
  const all = report.findings;
  if (all.length === 0) return '';
  const stopping = all.filter((finding) => stopsTheGate(report, finding)).length;
  const title =
    stopping === 0
      ? `${formatQuantity(all.length, 'finding')}, none that the gate stops for`
      : `${formatQuantity(all.length, 'finding')}, ${formatCount(stopping)} that the gate stops for`;
  const row = (finding: Finding) =>
    cells([
      stopsTheGate(report, finding) ? `**${finding.severity}**` : finding.severity,
      finding.column === null ? 'the data as a whole' : code(finding.column),
      findingTitles[finding.code],
      text(finding.message, 400),
    ]);
  return `### ${title}\n\n${table(['severity', 'column', 'finding', 'what was found'], all.map(row), findingsBytes, (left) => `… and ${formatQuantity(left, 'more finding')}: report.json has them all.`)}`;
}

function columns(report: Report, room: number): string {
  const all = report.columns;
  if (all.length === 0) return '';
  const start = `<details>\n<summary>${formatQuantity(all.length, 'column')}</summary>\n\n`;
  const end = '\n\n</details>';
  const more = (left: number) => `… and ${formatQuantity(left, 'more column')}: report.json has them all.`;
  const body = table(
    ['column', 'role', 'kind', 'outcome', '>φ² (interval)', '>tolerance', '>largest change', '>missing then', '>now'],
    all.map(columnRow),
    room - bytes(start) - bytes(end) - bytes(more(all.length)) - 10,
    more,
  );
  return start + body + end;
}

function columnRow(column: ReportColumn): string {
  const { gating } = column;
  const change = gating?.largestCellChange;
  const missing = (side: 'reference' | 'current') => {
    const profile = column[side];
    return profile === null ? '' : formatShare(missingRows(profile) / Math.max(1, profile.rows));
  };
  const { word, symbol } = outcomeWords[column.outcome];
  const untold = column.outcome === 'undetermined' || column.outcome === 'not-tested';
  const why = column.error ?? (untold ? column.reason : '');
  const said = [text(why, 100), provable(column) ?? ''].filter((part) => part !== '').join('; ');
  return cells([
    code(column.name),
    roleWords[column.role],
    column.kind,
    `${symbol} ${word}${column.severity === null ? '' : ` ${column.severity}`}${said === '' ? '' : `: ${said}`}`,
    gating === null
      ? ''
      : `${formatDistance(gating.phiSquared)} (${gating.interval.map((bound) => formatDistance(bound)).join(' to ')})`,
    gating === null
      ? ''
      : `${formatDistance(gating.tolerance.warn.phiSquared)} / ${formatDistance(gating.tolerance.fail.phiSquared)}`,
    change ? `${formatPoints(change.current - change.reference)} at ${code(change.cell, 40)}` : '',
    missing('reference'),
    missing('current'),
  ]);
}

function method(report: Report): string {
  const { alpha, familySize, noise } = report.method;
  const { startedAt, durationMs } = report.run;
  const more = report.notes.length - notesShown;
  const notes = [
    ...report.notes.slice(0, notesShown).map((note) => `- ${text(note, 300)}`),
    ...(more > 0 ? [`- … and ${formatQuantity(more, 'more note')}: report.json has them all`] : []),
  ];
  return [
    '<details>',
    '<summary>How this was computed</summary>',
    '',
    `- minimum-effect tests, alpha ${formatNumber(alpha)} over a family of ${formatCount(familySize)}; ${text(noise, 300)}`,
    `- a column has drifted when φ² is proven to be beyond its tolerance (warn / fail), or a hard rule is broken`,
    `- settings ${report.config.file === null ? 'by flags and defaults' : `from ${code(report.config.file, 160)}`}, hash ${code(report.config.sha256.slice(0, 12))}`,
    `- driftgate ${text(report.tool.version, 40)} on ${text(report.tool.engine, 60)}; started ${text(startedAt, 40)}, took ${formatDuration(durationMs)}`,
    ...notes,
    '',
    '</details>',
  ].join('\n');
}
