import type { Distribution, ReportColumn } from '../../model/report.ts';
import type { GatingMeasure } from '../../model/verdict.ts';
import { formatCount, formatDistance, formatPoints, formatShare } from '../numbers.ts';
import { html, Markup, type NumberFormat, text } from './markup.ts';

/** Height of a distribution in its own units; its width is one unit a cell. */
const height = 100;

/** Both sides of a column as shares of their rows, scaled to the tallest cell. */
interface Shares {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly tallest: number;
}

function sharesOf(distribution: Distribution): Shares {
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, rows) => sum + rows, 0);
    return counts.map((rows) => (total > 0 ? rows / total : 0));
  };
  const reference = shares(distribution.reference);
  const current = shares(distribution.current);
  return { reference, current, tallest: Math.max(0, ...reference, ...current) };
}

/** Steps over the cells, in relative whole units: as few bytes as a path can have. */
function steps(shares: readonly number[], tallest: number): string {
  let path = `M0 ${height}`;
  let level = 0;
  let run = 0;
  for (const share of shares) {
    const next = tallest > 0 ? Math.round((share / tallest) * height) : 0;
    if (next !== level && run > 0) {
      path += `h${run}`;
      run = 0;
    }
    if (next !== level) path += `v${level - next}`;
    level = next;
    run += 1;
  }
  return `${path}h${run}${level > 0 ? `v${level}` : ''}`;
}

/**
 * The reference as a filled shape, the current side as a line over it. The paths are drawn here once; the large figure of the
 * same column refers to them.
 */
export function thumbnail(column: ReportColumn, index: number): Markup {
  const { distribution } = column;
  if (distribution === null || distribution.reference.length === 0) return html`–`;
  const { reference, current, tallest } = sharesOf(distribution);
  return html`<svg class=th viewBox="0 0 ${reference.length} ${height}" preserveAspectRatio=none aria-hidden=true>
    <path id=r${index} class=r d="${new Markup(steps(reference, tallest))}"/>
    <path id=c${index} class=c d="${new Markup(steps(current, tallest))}"/></svg>`;
}

/** The large figure of a column whose cells are number ranges. */
export function intervalFigure(column: ReportColumn, index: number, format: NumberFormat): Markup {
  const { distribution } = column;
  if (distribution?.edges === null || distribution === null || distribution.reference.length === 0) return html``;
  const { tallest } = sharesOf(distribution);
  const cells = distribution.reference.length;
  const { edges } = distribution;
  const ticks = [0, 1, 2, 3, 4].map((i) => format(edges[Math.round((i * cells) / 4)]!));
  return html`<figure>
    <svg class=big viewBox="0 0 ${cells} ${height}" preserveAspectRatio=none role=img aria-label="${alternative(column, format)}">
    <use href=#r${index} /><use href=#c${index} /></svg>
    <p class=ticks aria-hidden=true>${ticks.map((tick) => html`<span>${tick}</span>`)}</p>
    <figcaption>Share of rows in ${cells} cells; the tallest holds ${formatShare(tallest)}.</figcaption></figure>`;
}

/** The figure in words. */
function alternative(column: ReportColumn, format: NumberFormat): string {
  const medians =
    column.reference?.numbers && column.current?.numbers
      ? `median ${format(column.reference.numbers.quantiles.q50)} in the reference, ${format(column.current.numbers.quantiles.q50)} now`
      : 'both sides';
  const change = column.gating?.largestCellChange;
  const largest = change
    ? `; largest change in ${change.cell}: ${formatShare(change.reference)} then, ${formatShare(change.current)} now`
    : '';
  return `Distribution of ${column.name.slice(0, 80)}: ${medians}${largest}`;
}

/** What the two colours and forms stand for. */
export const legend = html`<span class="key kr">reference</span> <span class="key kc">current</span>`;

/** One row of a table that draws both shares as bars: the numbers beside them say the same. */
export interface PairedRow {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}

/** Most rows that such a table shows. */
const pairedRows = 20;

/** Cells or categories with both shares, as numbers and as bars. */
export function pairedBars(head: string, rows: readonly PairedRow[], ordered: boolean): Markup {
  const referenceRows = rows.reduce((sum, row) => sum + row.reference, 0);
  const currentRows = rows.reduce((sum, row) => sum + row.current, 0);
  const withShares = rows.map((row) => ({
    ...row,
    before: referenceRows > 0 ? row.reference / referenceRows : 0,
    now: currentRows > 0 ? row.current / currentRows : 0,
  }));
  const change = (row: { before: number; now: number }) => Math.abs(row.now - row.before);
  // ranges keep their order; of categories, those that moved most
  const shown =
    ordered || rows.length <= pairedRows
      ? withShares
      : [...withShares].sort((a, b) => change(b) - change(a)).slice(0, pairedRows);
  const tallest = Math.max(Number.MIN_VALUE, ...withShares.map((row) => Math.max(row.before, row.now)));
  const bar = (share: number) => Math.round((share / tallest) * 100);
  const more = rows.length - shown.length;
  return html`<table class="bars pair"><thead><tr><th>${head}<th>reference<th>current<th>change<tbody>
    ${shown.map(
      (row) =>
        html`<tr><th style=--r:${bar(row.before)};--c:${bar(row.now)}>${text(row.label, 60)}<td>${formatShare(row.before)}<td>${formatShare(row.now)}<td>${formatPoints(row.now - row.before).replace(' points', '')}`,
    )}</table>
    ${more > 0 ? html`<p class=note>The ${shown.length} of ${formatCount(rows.length)} whose share changed most; all stand in report.json.</p>` : null}`;
}

/** Width of the scale of φ², in its own units and in pixels. */
const scaleWidth = 150;

/** φ² on a scale from nothing to twice the fail tolerance, the same for every column, with its interval and both tolerances. */
export function driftScale(gating: GatingMeasure, index: number): Markup {
  const unit = scaleWidth / 2 / gating.tolerance.fail.phiSquared;
  const at = (value: number) => Math.min(scaleWidth, Math.max(0, Math.round(value * unit)));
  const [low, high] = gating.interval;
  const beyond = gating.phiSquared * unit > scaleWidth;
  const value = at(gating.phiSquared);
  const mark = beyond
    ? `M${scaleWidth - 6} 2l6 6-6 6z`
    : `M${Math.max(2, Math.min(scaleWidth - 2, value)) - 2} 3h4v10h-4z`;
  return html`<svg class=sc viewBox="0 0 ${scaleWidth} 16" aria-hidden=true><g id=s${index}>
    <path class=sw d="M${at(gating.tolerance.warn.phiSquared)} 0v16M${scaleWidth / 2} 0v16"/>
    <path class=si d="M${at(low)} 8H${at(high)}"/><path class=sm d="${mark}"/></g></svg>`;
}

/** The same drawing a second time. */
export function driftScaleAgain(index: number): Markup {
  return html`<svg class=sc viewBox="0 0 ${scaleWidth} 16" aria-hidden=true><use href=#s${index} /></svg>`;
}

/** The interval in words. */
export function driftWords(gating: GatingMeasure): string {
  const [low, high] = gating.interval;
  return `${formatDistance(low)} to ${formatDistance(high)}`;
}
