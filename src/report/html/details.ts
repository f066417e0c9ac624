import type { ColumnProfile, NumericProfile, QuantileName } from '../../model/profile.ts';
import type { Report, ReportColumn, ReportedMeasure } from '../../model/report.ts';
import type { GatingMeasure, JudgedTest } from '../../model/verdict.ts';
import { formatCount, formatDistance, formatNumber, formatPoints, formatPValue, formatShare } from '../numbers.ts';
import { log10FromNatural, measureTitle, ruleWords } from '../words.ts';
import { badge, kindAndRole } from './columns.ts';
import { driftScaleAgain, driftWords, intervalFigure, pairedBars } from './figures.ts';
import {
  countCell,
  html,
  type Markup,
  type NumberFormat,
  numberCell,
  numberFormat,
  numberText,
  text,
} from './markup.ts';

/** So many drifted columns are open when the page is. */
const openColumns = 5;

/** Everything that is known of each column, folded. */
export function details(report: Report): Markup {
  return html`<section id=details><h2>Details</h2>
    <p class=note>Measures are shown and never gated; their p asks for any difference at all. Tests are what the verdict rests on;
    ${' '}their p asks for a change beyond the tolerance.</p>${report.columns.map(detail)}</section>`;
}

function detail(column: ReportColumn, index: number): Markup {
  const open = index < openColumns && column.outcome === 'drift' ? html` open` : null;
  // the link's target stands inside, so that following a link unfolds it
  return html`<details class=f-${column.outcome}${open}><summary><h3 class=n>${text(column.name)}</h3>
    <span class=small>${kindAndRole(column)}</span> ${badge(column)}</summary>
    <div id=column-${index} class=detail>${lead(column, index)}
    <div class=grid><div>${picture(column, index)}${testedCells(column)}</div>
    <div>${statistics(column)}${measures(column)}${tests(column)}</div></div></div></details>`;
}

/** In sentences: why this outcome, and how far it moved. */
function lead(column: ReportColumn, index: number): Markup {
  const { gating, guess } = column;
  return html`${column.error === null ? null : html`<p class=error><b>This column could not be measured:</b> ${text(column.error, 600)}</p>`}
    ${
      column.findings.length === 0
        ? html`<p>${text(column.reason, 600)}</p>`
        : html`<ul>${column.findings.map((finding) => html`<li><b>${finding.severity}</b> ${text(finding.message, 600)}`)}</ul>`
    }
    ${gating === null ? null : distance(gating, index)}
    ${guess.role === null ? null : html`<p class=small>Role guessed: ${text(guess.role, 300)}.</p>`}
    ${guess.kind === null ? null : html`<p class=small>Kind guessed: ${text(guess.kind, 300)}.</p>`}`;
}

function distance(gating: GatingMeasure, index: number): Markup {
  const { tolerance, largestCellChange: change } = gating;
  return html`<p class=distance>${driftScaleAgain(index)}<span>φ² ${numberText(gating.phiSquared, formatDistance)} (${driftWords(gating)}) over ${gating.cells} cells; tolerance
    ${' '}${formatNumber(tolerance.warn.phiSquared)} to warn, ${formatNumber(tolerance.fail.phiSquared)} to fail; provable from ${formatDistance(gating.smallestProvable)}.${
      change === null
        ? null
        : html` Largest change of a cell: ${text(change.cell, 60)}, ${formatShare(change.reference)} → ${formatShare(change.current)} (${formatPoints(change.current - change.reference)}; tolerance ${formatNumber(tolerance.warn.cellChange * 100)} and ${formatNumber(tolerance.fail.cellChange * 100)}).`
    }</span></p>`;
}

/** Number ranges as a figure, categories as bars. */
function picture(column: ReportColumn, index: number): Markup {
  const { distribution } = column;
  if (distribution === null) return html``;
  if (distribution.labels === null) return intervalFigure(column, index, numberFormat(column.kind));
  return pairedBars('category', rows(distribution.labels, distribution.reference, distribution.current), false);
}

/** The verdict's own cells, unless the figure shows the same. */
function testedCells(column: ReportColumn): Markup {
  const { cells, distribution } = column;
  if (cells === null) return html``;
  const same =
    distribution?.labels?.length === cells.labels.length &&
    distribution.labels.every((label, i) => label === cells.labels[i]);
  if (same) return html``;
  return html`<h4>Cells tested</h4>${pairedBars('cell', rows(cells.labels, cells.reference, cells.current), distribution?.labels === null)}`;
}

function rows(labels: readonly string[], reference: readonly number[], current: readonly number[]) {
  return labels.map((label, i) => ({ label, reference: reference[i] ?? 0, current: current[i] ?? 0 }));
}

const quantileWords = {
  q01: '1 %',
  q05: '5 %',
  q25: '25 %',
  q50: 'median',
  q75: '75 %',
  q95: '95 %',
  q99: '99 %',
} satisfies Record<QuantileName, string>;

/** Both profiles side by side; rows that are 0 or absent on both sides are left out. */
function statistics(column: ReportColumn): Markup {
  const { reference, current, kind, type } = column;
  const format = numberFormat(kind);
  const spread: NumberFormat = kind === 'datetime' ? formatSeconds : (value) => formatNumber(value);
  const counted = (name: string, of: (profile: ColumnProfile) => number) => {
    const then = reference && of(reference);
    const now = current && of(current);
    return then || now
      ? html`<tr><th>${name}${[then, now].map((rows) => (rows === null ? html`<td>–` : countCell(rows)))}`
      : html``;
  };
  const measured = (name: string, of: (numbers: NumericProfile) => number | null, written: NumberFormat = format) => {
    const then = reference?.numbers ? of(reference.numbers) : null;
    const now = current?.numbers ? of(current.numbers) : null;
    return then === null && now === null
      ? html``
      : html`<tr><th>${name}${numberCell(then, written)}${numberCell(now, written)}`;
  };
  const worded = (name: string, then: string | null | undefined, now: string | null | undefined) =>
    then || now ? html`<tr><th>${name}<td>${then ? text(then, 40) : '–'}<td>${now ? text(now, 40) : '–'}` : html``;
  const distinct = (profile: ColumnProfile | null) =>
    profile?.distinct ? `${profile.distinct.exact ? '' : '≈ '}${formatCount(profile.distinct.value)}` : null;
  const quantiles = Object.keys(quantileWords) as QuantileName[];
  return html`<h4>Statistics${kind === 'text' ? ' (of lengths in characters)' : ''}</h4>
    <table class="numbers pair"><thead><tr><td><th>reference<th>current<tbody>
    ${worded('stored as', type.reference, type.current)}
    ${counted('rows', (profile) => profile.rows)}
    ${counted('nulls', (profile) => profile.nulls)}
    ${counted('NaN', (profile) => profile.nan)}
    ${counted('+∞', (profile) => profile.positiveInfinity)}
    ${counted('−∞', (profile) => profile.negativeInfinity)}
    ${counted('unreadable', (profile) => profile.castFailures)}
    ${worded('distinct', distinct(reference), distinct(current))}
    ${worded('most frequent', reference?.mode?.value, current?.mode?.value)}
    ${measured('mean', (numbers) => numbers.mean)}
    ${measured('standard deviation', (numbers) => numbers.std, spread)}
    ${measured('minimum', (numbers) => numbers.min)}
    ${quantiles.map((name) => measured(quantileWords[name], (numbers) => numbers.quantiles[name]))}
    ${measured('maximum', (numbers) => numbers.max)}
    ${measured('skewness', (numbers) => numbers.skewness, formatNumber)}
    ${measured('excess kurtosis', (numbers) => numbers.kurtosis, formatNumber)}
    ${measured('zeros', (numbers) => numbers.zeros || null, formatNumber)}</table>`;
}

/** A span of seconds in its largest unit. */
function formatSeconds(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) return `${formatNumber(seconds / size, 3)} ${unit}`;
  }
  return `${formatNumber(seconds, 3)} s`;
}

function measures(column: ReportColumn): Markup {
  if (column.measures.length === 0) return html``;
  return html`<h4>Measures</h4>
    <table class=numbers><thead><tr><td><th>statistic<th>p<tbody>${column.measures.map(measureRow)}</table>`;
}

function measureRow(measure: ReportedMeasure): Markup {
  const remarks = Object.entries(measure.detail ?? {}).map(
    ([name, value]) =>
      `${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)} ${typeof value === 'number' ? formatNumber(value) : value}`,
  );
  if (measure.interval) remarks.push(`surely ${measure.interval.map((bound) => formatNumber(bound)).join(' to ')}`);
  return html`<tr><th>${text(measureTitle(measure.id), 60)}${
    remarks.length === 0 ? null : html` <span class=small>${text(remarks.join(', '), 200)}</span>`
  }${numberCell(measure.statistic)}<td>${measure.log10PValue === null ? '–' : formatPValue(measure.log10PValue).replace(/^= /, '')}`;
}

function tests(column: ReportColumn): Markup {
  if (column.tests.length === 0) return html``;
  const p = (log: number | null) =>
    log === null
      ? html`<td>–`
      : html`<td title="log10 p ${log10FromNatural(log).toFixed(3)}">${formatPValue(log10FromNatural(log)).replace(/^= /, '')}`;
  return html`<h4>Tests</h4>
    <table class=numbers><thead><tr><td><th>p, warn<th>p, fail<th>rejected<tbody>${column.tests.map(
      (test: JudgedTest) =>
        html`<tr><th>${ruleWords[test.rule]}${p(test.logPWarn)}${p(test.logPFail)}<td>${test.rejected ?? 'no'}`,
    )}</table>`;
}
