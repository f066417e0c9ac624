import { Chalk, type ChalkInstance } from 'chalk';
import type { Report, ReportColumn } from '../model/report.ts';
import type { DatasetInfo } from '../model/run.ts';
import type { Severity } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { Finding, GateStatus, Outcome } from '../model/verdict.ts';
import { clip, displayWidth, terminalText, wrap } from './display-width.ts';
import { formatBytes, formatCount, formatDuration, formatNumber, formatQuantity, formatShare } from './numbers.ts';
import { sections as layers } from './sections/registry.ts';
import { findingTitles, outcomeWords, period, provable, statusWords } from './words.ts';

export interface TerminalOptions {
  /** colours say nothing that words do not */
  readonly color: boolean;
  /** columns of the terminal; lines are never longer */
  readonly width: number;
}

const narrowest = 40;
const findingsShown = 20;
const groupLines = 3;
const notesShown = 8;

/** The report for a terminal: the verdict, what was found, then in a few lines what was not. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const ink = new Chalk({ level: options.color ? 1 : 0 });
  const width = Math.max(narrowest, Math.floor(options.width));
  const sections = [
    [...verdict(report, ink, width), ...datasets(report, ink, width)],
    findings(report, ink, width),
    layers.flatMap((layer) => layer.terminalLines(report, width)),
    groups(report, ink, width),
    notes(report, width),
    [method(report, width)].flat().map((line) => ink.dim(line)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

export function verdict(
  report: { readonly gate: Omit<Report['gate'], 'counts'> },
  ink: ChalkInstance,
  width: number,
): string[] {
  const { status, exitCode, reason } = report.gate;
  const { word } = statusWords[status];
  const label = ` ${word} `;
  const lines = wrap(`${terminalText(reason)}; exit code ${exitCode}`, width - label.length - 1);
  return lines.map((line, i) =>
    i === 0 ? `${statusInk(ink, status)(label)} ${ink.bold(line)}` : `${' '.repeat(label.length)} ${ink.bold(line)}`,
  );
}

function datasets(report: Report, ink: ChalkInstance, width: number): string[] {
  const { reference, current } = report.datasets;
  const digits = Math.max(formatCount(reference.rows).length, formatCount(current.rows).length);
  const line = (name: string, dataset: DatasetInfo, side: 'reference' | 'current') => {
    const span = period(report, side);
    const first = terminalText(dataset.files[0]?.path ?? dataset.paths[0] ?? '');
    const more = dataset.files.length > 1 ? ` and ${formatQuantity(dataset.files.length - 1, 'more file')}` : '';
    const start = `${name.padEnd(9)}  ${formatCount(dataset.rows).padStart(digits)} ${dataset.rows === 1 ? 'row ' : 'rows'}  `;
    const room = Math.max(12, width - start.length - more.length);
    const remarks = [
      ...(span === null ? [] : [span]),
      ...(dataset.rejectedRows > 0 ? [`${formatQuantity(dataset.rejectedRows, 'malformed row')} left out`] : []),
      ...(dataset.server
        ? [
            `${formatQuantity(dataset.server.queries.length, 'query', 'queries')}, ${formatBytes(dataset.server.receivedBytes)} received`,
          ]
        : []),
    ];
    return [start + clipPath(first, room) + more, ...remarks.map((remark) => ' '.repeat(start.length) + remark)].map(
      (text, i) => (i === 0 ? clip(text, width) : ink.dim(clip(text, width))),
    );
  };
  return [...line('reference', reference, 'reference'), ...line('current', current, 'current')];
}

/** The end of a path says more than its start. */
function clipPath(path: string, columns: number): string {
  if (displayWidth(path) <= columns) return path;
  const characters = [...path];
  let end = '';
  while (characters.length > 0) {
    const longer = characters.pop()! + end;
    if (displayWidth(longer) > columns - 1) break;
    end = longer;
  }
  return `…${end}`;
}

/**
 * The findings as a table, drawn here: a table library measures text in its own way, so that a name of doubtful width would
 * break the line, and takes seconds over a hostile one. The open right side needs no border behind such a name.
 */
export function findings(report: Pick<Report, 'findings'>, ink: ChalkInstance, width: number): string[] {
  if (report.findings.length === 0) return [];
  const shown = report.findings.slice(0, findingsShown);
  const more = report.findings.length - shown.length;
  const levelWidth = 2;
  const room = width - levelWidth - 5;
  const margin = (level: string) => ` ${level} │ `;
  const blank = margin(' '.repeat(levelWidth));
  const rule = (joint: string) => '─'.repeat(levelWidth + 2) + joint + '─'.repeat(width - levelWidth - 3);
  return [
    rule('┬'),
    ...shown.flatMap((finding) =>
      entry(finding, ink, room).map((line, i) =>
        i === 0 ? margin(severityInk(ink, finding.severity)(finding.severity)) + line : blank + line,
      ),
    ),
    rule('┴'),
    ...(more > 0 ? [`… and ${formatCount(more)} more, see report.json`] : []),
  ];
}

function entry(finding: Finding, ink: ChalkInstance, room: number): string[] {
  const title = findingTitles[finding.code];
  if (finding.column === null) return [ink.bold(title), ...wrap(terminalText(finding.message), room)];
  const name = columnName(finding.column, Math.max(8, room - title.length - 3));
  return [`${ink.bold(name)} · ${title}`, ...wrap(terminalText(finding.message), room)];
}

/** One paragraph for the columns of each outcome that is not a finding. */
function groups(report: Report, ink: ChalkInstance, width: number): string[] {
  const of = (outcome: Outcome) => report.columns.filter((column) => column.outcome === outcome);
  const told: readonly [Outcome, (column: ReportColumn) => string][] = [
    ['undetermined', remark],
    ['stable', () => ''],
    ['not-tested', (column) => ` (${clip(terminalText(column.reason), 48)})`],
  ];
  return told.flatMap(([outcome, why]) => {
    const columns = of(outcome);
    if (columns.length === 0) return [];
    const { word, symbol } = outcomeWords[outcome];
    const items = columns.map((column) => columnName(column.name) + why(column));
    const [first = '', ...rest] = paragraph(`${symbol} ${formatCount(columns.length)} ${word}:`, items, width);
    const label = first.slice(0, first.indexOf(':') + 1);
    return [`${ink.bold(label)}${first.slice(label.length)}`, ...rest];
  });
}

/** A name that can be seen, even when it is nothing but spaces. */
function columnName(name: string, columns = 40): string {
  return clip(name.trim() === '' ? quoted(name) : terminalText(name), columns);
}

/** What a batch of this size could have proven, or why nothing. */
function remark(column: ReportColumn): string {
  if (column.error !== null) return ' (error)';
  return ` (${clip(terminalText(provable(column) ?? column.reason), 48)})`;
}

/** `label a, b, c, … and 43 more`, in at most a few lines. */
function paragraph(label: string, items: readonly string[], width: number): string[] {
  const indent = '  ';
  const lay = (count: number) => {
    const more = items.length - count;
    const listed = [...items.slice(0, count), ...(more > 0 ? [`… and ${formatCount(more)} more`] : [])];
    // items keep together where they can: a break is only allowed behind a comma
    const lines = [label];
    listed.forEach((item, i) => {
      const text = i === listed.length - 1 || (more > 0 && i === listed.length - 2) ? item : `${item},`;
      const last = lines[lines.length - 1]!;
      if (displayWidth(`${last} ${text}`) <= width) {
        lines[lines.length - 1] = `${last} ${text}`;
      } else {
        lines.push(...wrap(text, width - indent.length).map((line) => indent + line));
      }
    });
    return lines;
  };
  const all = Math.min(items.length, groupLines * width);
  const whole = lay(all);
  if (whole.length <= groupLines) return whole;
  let fits = 1;
  let exceeds = all;
  while (exceeds - fits > 1) {
    const middle = (fits + exceeds) >> 1;
    if (lay(middle).length <= groupLines) fits = middle;
    else exceeds = middle;
  }
  return lay(fits);
}

function notes(report: Report, width: number): string[] {
  const quality = report.columns.filter((column) => (column.current?.castFailures ?? 0) > 0).length;
  const all = [
    ...report.columns
      .filter((column) => column.error !== null)
      .map((column) => `${columnName(column.name)} could not be measured: ${terminalText(column.error!)}`),
    // each of them has a note of its own below, of which only some are shown
    ...(quality > 1
      ? [
          `${formatQuantity(quality, 'column')} held values that do not read as their type, most of all ${worstCast(report)}`,
        ]
      : []),
    ...report.notes.map((note) => terminalText(note)),
  ];
  const more = all.length - notesShown;
  const shown =
    more > 0 ? [...all.slice(0, notesShown), `… and ${formatQuantity(more, 'more note')}, see report.json`] : all;
  return shown.flatMap((note) => wrap(note, width - 2).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)));
}

function worstCast(report: Report): string {
  const worst = report.columns.reduce((a, b) =>
    (b.current?.castFailures ?? 0) > (a.current?.castFailures ?? 0) ? b : a,
  );
  const current = worst.current!;
  const share = formatShare(current.castFailures / Math.max(1, current.rows));
  return `${columnName(worst.name)} in ${formatQuantity(current.castFailures, 'row')} (${share})`;
}

function method(report: Report, width: number): string[] {
  const { alpha, familySize, noise } = report.method;
  return wrap(
    `minimum-effect tests, alpha ${formatNumber(alpha)} over a family of ${formatCount(familySize)}; ${terminalText(noise)}; ${formatDuration(report.run.durationMs)}`,
    width,
  );
}

function statusInk(ink: ChalkInstance, status: GateStatus): ChalkInstance {
  if (status === 'pass') return ink.bold.black.bgGreen;
  return status === 'breach' ? ink.bold.white.bgRed : ink.bold.black.bgYellow;
}

function severityInk(ink: ChalkInstance, severity: Severity): ChalkInstance {
  if (severity === 'P1') return ink.bold.red;
  return severity === 'P2' ? ink.bold.yellow : ink.bold.cyan;
}
