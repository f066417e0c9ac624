import { Chalk } from 'chalk';
import type { CompareReport, Difference, PairedMetric, PairedReport } from '../../model/compare.ts';
import { metricTitle } from '../../model/outcomes.ts';
import type { Finding } from '../../model/verdict.ts';
import { clip, terminalText, wrap } from '../display-width.ts';
import { printJson } from '../json.ts';
import { cells, code, text } from '../markdown-text.ts';
import {
  formatCount,
  formatDistance,
  formatDuration,
  formatNumber,
  formatPValue,
  formatQuantity,
  formatShare,
} from '../numbers.ts';
import type { RenderOptions } from '../registry.ts';
import { findings as findingLines, verdict } from '../terminal.ts';
import { capitalised, findingTitles, outcomeWords, statusWords } from '../words.ts';
import type { CompareFormat } from './formats.ts';
import { compareShape } from './shape.ts';

/** A comparison of two versions, for people and programs. */

export async function renderComparison(
  report: CompareReport,
  format: CompareFormat,
  options: RenderOptions,
): Promise<string> {
  if (format === 'json') return printJson(compareShape.read(report, '', 'refuse'));
  if (format === 'html') return (await import('../html/render-compare.ts')).renderCompareHtml(report);
  return format === 'markdown' ? markdown(report) : terminal(report, options);
}

// ---- terminal

const shownClasses = 6;
const narrowest = 40;

function terminal(report: CompareReport, options: RenderOptions): string {
  const ink = new Chalk({ level: options.color ? 1 : 0 });
  const width = Math.max(narrowest, Math.floor(options.width));
  const { champion, challenger } = report;
  const digits = Math.max(formatCount(champion.rows).length, formatCount(challenger.rows).length);
  const line = (name: string, { version, rows }: typeof champion) =>
    clip(`${name.padEnd(10)}  ${formatCount(rows).padStart(digits)} rows  ${terminalText(version, 60)}`, width);
  const sections = [
    [...verdict(report, ink, width), line('champion', champion), line('challenger', challenger)],
    findingLines(report, ink, width),
    wrap(`${terminalText(capitalised(report.standing))}.`, width).map((text) => ink.bold(text)),
    facts(report).flatMap((fact) => hanging(fact, width)),
    report.paired === null ? [] : confusion(report.paired, width),
    differences(report, width),
    report.notes.flatMap((note) => wrap(`- ${terminalText(note)}`, width)),
    wrap(
      `paired and unpaired tests, alpha ${formatNumber(report.method.alpha)} over families of ${formatCount(report.method.familySize)} and ${formatCount(report.method.pairedFamilySize)}; ${formatDuration(report.run.durationMs)}`,
      width,
    ).map((text) => ink.dim(text)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function hanging(fact: string, width: number): string[] {
  return wrap(fact, width - 2).map((text, i) => (i === 0 ? text : `  ${text}`));
}

/** One sentence each: how far the two agree, how sure and how right they are. */
function facts({ paired, unpaired, predictions, columns }: CompareReport): string[] {
  const confidence = predictions?.confidence;
  return [
    ...(paired === null ? [`not paired: ${terminalText(unpaired ?? '')}`] : pairedFacts(paired)),
    ...(confidence
      ? [`mean confidence ${formatNumber(confidence.reference.mean, 3)} → ${formatNumber(confidence.current.mean, 3)}`]
      : []),
    ...columns.map(({ name, outcome, gating }) => {
      const phi = gating === null ? '' : `: φ² ${formatDistance(gating.phiSquared)}`;
      return `${clip(terminalText(name), 40)} ${outcomeWords[outcome].symbol} ${outcomeWords[outcome].word}${phi}`;
    }),
    ...(paired === null ? [] : [...paired.metrics.map(metricWords), ...untoldWords(paired)]),
  ];
}

function pairedFacts({ key, rows, agreement, scores, champion, challenger }: PairedReport): string[] {
  const left =
    champion.keyless + champion.repeated + champion.alone + challenger.keyless + challenger.repeated + challenger.alone;
  const aside = left === 0 ? '' : `, ${formatQuantity(left, 'row')} without a partner`;
  return [
    `${formatQuantity(rows, 'request')} answered by both, met by ${clip(terminalText(key), 40)}${aside}`,
    ...(agreement === null
      ? []
      : agreement.form === 'classes'
        ? agreement.of === 0
          ? []
          : [
              `they disagree on ${formatShare(agreement.disagreed / agreement.of)} of them [${agreement.interval.map((bound) => formatNumber(100 * bound, 3)).join(', ')}]`,
            ]
        : [`their predictions differ: ${differenceWords(agreement)}`]),
    ...scores
      .filter((score) => score.rows > 0)
      .map((score) => `${clip(terminalText(score.column), 40)} differs: ${differenceWords(score)}`),
  ];
}

function differenceWords({ mean, interval, meanAbsolute }: Difference): string {
  return `${formatNumber(mean, 3)} [${interval.map((bound) => formatNumber(bound, 3)).join(', ')}] on average, ${formatNumber(meanAbsolute, 3)} in size`;
}

function metricWords(metric: PairedMetric): string {
  const { id, champion, challenger, difference, differenceInterval, rows, worse, interval, logPNoDifference } = metric;
  const between = (bounds: readonly [number, number] | null, format: (bound: number) => string) =>
    bounds === null ? '' : ` [${bounds.map(format).join(', ')}]`;
  const three = (value: number) => formatNumber(value, 3);
  const change = `${difference > 0 ? '+' : ''}${three(difference)}${between(differenceInterval, three)}`;
  const share =
    worse === null || worse === 0
      ? ''
      : `, ${worse > 0 ? `${formatShare(worse)} worse` : `${formatShare(-worse)} better`}${between(interval && (worse > 0 ? interval : [-interval[1], -interval[0]]), formatShare)}`;
  const p = formatPValue(logPNoDifference / Math.LN10);
  return `${metricTitle(id)} ${formatNumber(champion)} → ${formatNumber(challenger)}: ${change}${share}; ${formatQuantity(rows, 'labelled request')}, p ${p} of no difference`;
}

/** Metrics that share a reason are told in one line. */
function untoldWords({ untold }: PairedReport): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of untold) {
    const titles = byReason.get(reason) ?? [];
    byReason.set(reason, [...titles, metricTitle(id)]);
  }
  return [...byReason].map(([reason, titles]) => `not told, ${titles.join(', ')}: ${terminalText(reason)}`);
}

/** The champion's classes downwards, the challenger's across. */
function confusion({ agreement }: PairedReport, width: number): string[] {
  if (agreement?.form !== 'classes' || agreement.classes.length === 0 || agreement.classes.length > shownClasses)
    return [];
  const names = agreement.classes.map((name) => (name === null ? 'other' : clip(terminalText(name), 12)));
  const column = Math.max(8, ...names.map((name) => name.length)) + 2;
  const rows = [
    `${'champion ↓ challenger →'.padEnd(24)}${names.map((name) => name.padStart(column)).join('')}`,
    ...agreement.counts.map(
      (row, i) => `${names[i]!.padEnd(24)}${row.map((count) => formatCount(count).padStart(column)).join('')}`,
    ),
  ];
  return rows.every((row) => row.length <= width) ? rows : [];
}

function differences({ differences }: CompareReport, width: number): string[] {
  if (differences.length === 0) return [];
  const told = differences.flatMap((finding) => hanging(`- ${sentence(finding)}`, width));
  return ['how they differ, which is not gated:', ...told];
}

function sentence({ code: id, message }: Finding): string {
  return `${findingTitles[id]}: ${terminalText(message)}`;
}

// ---- markdown

function markdown(report: CompareReport): string {
  const { gate, champion, challenger, paired, findings, differences: others } = report;
  const { word, symbol } = statusWords[gate.status];
  const told = (finding: Finding) =>
    cells([
      finding.severity,
      finding.column === null ? '' : code(finding.column),
      findingTitles[finding.code],
      text(finding.message, 400),
    ]);
  const table = (title: string, all: readonly Finding[]) =>
    all.length === 0
      ? []
      : [
          `### ${title}`,
          '',
          cells(['severity', 'column', 'finding', 'what was found']),
          cells(['---', '---', '---', '---']),
          ...all.map(told),
          '',
        ];
  const lines = [
    '<!-- driftgate compare -->',
    `## ${symbol} ${word}: ${code(challenger.version)} against ${code(champion.version)}`,
    '',
    `${text(gate.reason, 300)}. Exit code ${gate.exitCode}. Champion ${formatQuantity(champion.rows, 'row')}, challenger ${formatQuantity(challenger.rows, 'row')}.`,
    '',
    `**${text(capitalised(report.standing), 400)}.**`,
    '',
    ...table('What makes the challenger worse', findings),
    ...facts(report).map((fact) => `- ${text(fact, 400)}`),
    '',
    ...(paired === null ? [] : confusionTable(paired)),
    ...table('How it differs', others),
    ...report.notes.map((note) => `- ${text(note, 300)}`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function confusionTable({ agreement }: PairedReport): string[] {
  if (agreement?.form !== 'classes' || agreement.classes.length === 0) return [];
  const names = agreement.classes.map((name) => (name === null ? 'other' : code(name, 40)));
  return [
    cells(['champion ↓ challenger →', ...names]),
    cells(['---', ...names.map(() => '--:')]),
    ...agreement.counts.map((row, i) => cells([names[i]!, ...row.map((count) => formatCount(count))])),
    '',
  ];
}
