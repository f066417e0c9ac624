import { probit } from 'simple-statistics';
import { DriftError } from '../model/errors.ts';
import type { QualityResult } from '../model/quality.ts';
import type { Report, ReportColumn } from '../model/report.ts';
import { nearest, quoted } from '../model/text.ts';
import type { Finding, FindingCode, JudgedTest } from '../model/verdict.ts';
import { explainSection, isExplainedSection } from './explain-sections.ts';
import {
  formatCount,
  formatDistance,
  formatInstant,
  formatNumber,
  formatPoints,
  formatPValue,
  formatQuantity,
  formatShare,
} from './numbers.ts';
import { Page } from './page.ts';
import { shiftWords } from './scale.ts';
import {
  driftedPart,
  findingTitles,
  log10FromNatural,
  measureTitle,
  missingRows,
  outcomeWords,
  qualityTitles,
  roleWords,
  severityWords,
  statusWords,
  stopsTheGate,
} from './words.ts';

export interface ExplainOptions {
  /** colours say nothing that words do not */
  readonly color: boolean;
  /** lines are never longer */
  readonly width: number;
}

const cellsShown = 8;
const findingsShown = 20;
const namesShown = 12;
const segmentsShown = 4;

/**
 * Why a run ended as it did: of one column, of the gate, or of a part of the report: time, outcomes, predictions, segments, ranking, service.
 *
 * @param column null for the gate; a column of a part's name comes before the part
 * @throws {DriftError} UNKNOWN_COLUMN with the nearest name there is
 */
export function explain(report: Report, column: string | null, options: ExplainOptions): string {
  if (column !== null && isExplainedSection(column) && report.columns.every(({ name }) => name !== column)) {
    return explainSection(report, column, options);
  }
  return column === null ? explainGate(report, options) : explainColumn(report, column, options);
}

/**
 * Why this column has its outcome, in plain words and with the numbers, from the saved report alone.
 *
 * @throws {DriftError} UNKNOWN_COLUMN with the nearest name there is
 */
export function explainColumn(report: Report, name: string, options: ExplainOptions): string {
  const column = report.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw unknownColumn(report, name);
  const page = new Page(options);
  const { word, symbol } = outcomeWords[column.outcome];
  const level = column.severity === null ? '' : `, ${column.severity} (${severityWords[column.severity]})`;
  page.title(`${symbol} ${quoted(name, 60)}: ${word}${level}`);
  page.say(sentence(column.reason));
  for (const finding of column.findings) page.item(`${finding.severity} ${sentence(finding.message)}`);
  page.say(gateWords(report, column));
  compared(page, report, column);
  moved(page, column);
  asked(page, report, column);
  changes(page, column);
  bySegment(page, report, column);
  measures(page, column);
  quality(
    page,
    (report.quality ?? []).filter((result) => result.column === name),
    column,
  );
  nextSteps(page, column, report.method.alpha);
  return page.text();
}

function unknownColumn(report: Report, name: string): DriftError {
  const names = report.columns.map((column) => column.name);
  const meant = nearest(name, names);
  const hint =
    meant !== undefined
      ? `did you mean ${quoted(meant, 60)}?`
      : `it has ${formatQuantity(names.length, 'column')}${names.length === 0 ? '' : `, e.g. ${quoted(names[0]!, 60)}`}`;
  return new DriftError('UNKNOWN_COLUMN', `no column of the report is called ${quoted(name, 60)}; ${hint}`);
}

/** A first capital where it is a letter, and a full stop. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}

function gateWords(report: Report, { findings }: ReportColumn): string {
  const { gate } = report;
  const at = gate.failOn === 'P1' ? 'at P1' : `at ${gate.failOn} or above`;
  if (findings.some((finding) => stopsTheGate(report, finding))) {
    return `This breaches the gate, which stops for findings ${at}.`;
  }
  return `This does not breach the gate, which stops for findings ${at}.`;
}

function compared(page: Page, report: Report, column: ReportColumn): void {
  page.heading('What was compared');
  const { role, kind, guess, type, reference, current, cells } = column;
  const rows = `${formatQuantity(report.datasets.reference.rows, 'reference row')} with ${formatQuantity(report.datasets.current.rows, 'current row')}`;
  page.say(`${rows}.`);
  page.say(`Role ${roleWords[role]}${guess.role === null ? '' : `, guessed: ${guess.role}`}.`);
  page.say(`Kind ${kind}${guess.kind === null ? '' : `: ${guess.kind}`}.`);
  if (type.reference === null || type.current === null) {
    const side = type.current === null ? 'current data' : 'reference';
    page.say(`The ${side} has no such column.`);
  } else if (type.reference !== type.current) {
    page.say(`Stored as ${type.reference} in the reference and as ${type.current} now.`);
  }
  if (reference !== null && current !== null) {
    const share = (profile: typeof reference) => formatShare(missingRows(profile) / Math.max(1, profile.rows));
    page.say(`Values missing: ${share(reference)} of the reference, ${share(current)} now.`);
  }
  if (cells !== null) {
    const cut =
      kind === 'categorical' || kind === 'boolean'
        ? "the reference's values; rare and new ones are one cell, OTHER"
        : `${kind === 'text' ? 'lengths in characters, ' : ''}cut at the reference's own deciles and tails; a value that fills a ` +
          'twentieth of it, and missing ones, are cells of their own';
    page.say(`Both sides were counted over ${formatQuantity(cells.labels.length, 'cell')}: ${cut}.`);
  }
  if (column.error !== null) page.say(`It failed: ${column.error}.`);
}

function points(share: number): string {
  return formatPoints(share).replace('+', '').replace(' points', '');
}

/** What decided where a part of the batch says more than the whole. */
function partOfBatch(
  page: Page,
  data: Finding['data'],
  span: string,
  tolerance: NonNullable<ReportColumn['gating']>['tolerance'],
): void {
  // reports of older versions may know less
  const told = (format: (value: number) => string, ...keys: string[]): string => {
    const values = keys.map((key) => data[key]);
    return values.every((value) => typeof value === 'number') ? values.map(format).join(' … ') : '';
  };
  const { cellReference, cellCurrent } = data;
  const moved =
    typeof cellReference === 'number' && typeof cellCurrent === 'number'
      ? points(Math.abs(cellCurrent - cellReference))
      : '';
  const rows = told((value) => formatQuantity(value, 'row'), 'currentRows');
  page.say(`${span[0]!.toUpperCase()}${span.slice(1)}, which decided${rows && `, in ${rows}`}:`);
  const { warn, fail } = tolerance;
  page.table(
    ['', 'moved', 'interval', 'warn', 'fail'],
    [
      [
        'φ²',
        told(formatDistance, 'phiSquared'),
        told(formatDistance, 'phiSquaredLower', 'phiSquaredUpper'),
        ...[warn, fail].map((level) => formatDistance(level.phiSquared)),
      ],
      [
        'one cell, points',
        moved,
        told(points, 'cellChangeLower', 'cellChangeUpper'),
        ...[warn, fail].map((level) => points(level.cellChange)),
      ],
    ],
  );
}

function moved(page: Page, { gating, findings }: ReportColumn): void {
  if (gating === null) return;
  page.heading('How far it moved');
  const { phiSquared, interval, tolerance, largestCellChange, smallestProvable, cells, samplingVariance } = gating;
  const drift = findings.find(({ code }) => code === 'DRIFT_FAIL' || code === 'DRIFT_WARN');
  const change = largestCellChange && Math.abs(largestCellChange.current - largestCellChange.reference);
  const span = driftedPart(findings);
  const cellInterval = span !== null ? [] : [drift?.data.cellChangeLower, drift?.data.cellChangeUpper];
  const own = gating.measure;
  // a measure of its own takes the place of both scales, which are then for information
  const limits = (warn: string, fail: string) => (own === undefined ? [warn, fail] : ['', '']);
  if (drift && span !== null) {
    partOfBatch(page, drift.data, span, tolerance);
    page.say('The batch as a whole:');
  }
  page.table(
    ['', 'moved', 'interval', 'warn', 'fail'],
    [
      ...(own === undefined
        ? []
        : [
            [
              own.title,
              formatNumber(own.statistic, 3),
              `${formatNumber(own.interval[0], 3)} … ${formatNumber(own.interval[1], 3)}`,
              formatNumber(own.tolerance.warn),
              formatNumber(own.tolerance.fail),
            ],
          ]),
      [
        'φ²',
        formatDistance(phiSquared),
        `${formatDistance(interval[0])} … ${formatDistance(interval[1])}`,
        ...limits(formatDistance(tolerance.warn.phiSquared), formatDistance(tolerance.fail.phiSquared)),
      ],
      [
        'one cell, points',
        change === null ? '0' : points(change),
        cellInterval.length > 0 && cellInterval.every((bound) => typeof bound === 'number')
          ? cellInterval.map((b) => points(b)).join(' … ')
          : '',
        ...limits(points(tolerance.warn.cellChange), points(tolerance.fail.cellChange)),
      ],
    ],
  );
  if (own !== undefined) {
    page.say(
      `${own.title}${own.scale === null ? '' : ` (${own.scale})`} gates this column in place of φ² and the largest change of one cell; ` +
        `its interval and p-value: ${own.method}.`,
    );
  }
  if (largestCellChange !== null) {
    page.say(
      `The cell that changed most is ${quoted(largestCellChange.cell, 60)}: ` +
        `${formatShare(largestCellChange.reference)} of the rows then, ${formatShare(largestCellChange.current)} now.`,
    );
  }
  const values = own === undefined ? [phiSquared, tolerance.warn.phiSquared, tolerance.fail.phiSquared] : [phiSquared];
  const scaled = (value: number) => `φ² ${formatDistance(value)} is ${shiftWords(value)}`;
  page.say(
    `For scale, in a normal column ${values
      .filter((value, i, all) => value > 0 && all.indexOf(value) === i)
      .map(scaled)
      .join('; ')}.`,
  );
  if (own !== undefined) return;
  const noise = (cells - 1) * samplingVariance;
  page.say(
    `Sampling alone gives a φ² of about ${formatDistance(noise)} over ${formatQuantity(cells, 'cell')} at these sizes. ` +
      (smallestProvable < 4
        ? `By itself, a φ² from ${formatDistance(smallestProvable)} on would have been proven to be above the warn tolerance.`
        : 'No φ² at all could have been proven to be above the warn tolerance: there are too few rows.'),
  );
  if (gating.noise) {
    const { windows, median, largest, expected, logP } = gating.noise;
    page.say(
      `Among themselves the reference's ${formatQuantity(windows, 'window')} as long as the batch differ by a φ² of ` +
        `${formatDistance(median)} in the median and ${formatDistance(largest)} at most. With such periods, ` +
        `${formatDistance(expected)} is to be expected of the batch too (p of no more than that ${formatPValue(log10FromNatural(logP))}).`,
    );
  }
}

/** A test with its place in the run: what its p-value had to be. */
interface Placed {
  readonly test: JudgedTest;
  readonly rank: number;
}

/** The places of a column's tests among all of the run, smallest p first. */
function places({ columns }: Report, column: ReportColumn): Placed[] {
  const all = columns.flatMap(({ tests }) => tests).sort((a, b) => a.logPFail - b.logPFail);
  return column.tests.map((test) => ({ test, rank: all.indexOf(test) + 1 }));
}

function asked(page: Page, report: Report, column: ReportColumn): void {
  if (column.tests.length === 0) return;
  page.heading('What was asked');
  const { alpha, familySize, noise } = report.method;
  const failed = report.columns.flatMap(({ tests }) => tests).filter(({ rejected }) => rejected === 'fail').length;
  const left = Math.max(1, familySize - failed);
  for (const { test, rank } of places(report, column)) {
    const steps = Math.max(1, familySize - rank + 1);
    const atFail = `p ${p(test.logPFail)}, no. ${rank} of ${formatCount(familySize)} in the run, had to be at most ${limit(alpha, steps)}`;
    const atWarn = `p ${p(test.logPWarn ?? 0)}, had to be at most ${limit(alpha, left)}`;
    const level = test.rule === 'drift' ? ['at fail: ', 'at warn: '] : ['', 'as a note: '];
    const told = [
      // a p-value near 1 needs no bar to be held against
      ...(isNearOne(test.logPFail) ? [] : [`${level[0]}${atFail}`]),
      ...(test.logPWarn === null || test.rejected === 'fail' || isNearOne(test.logPWarn)
        ? []
        : [`${level[1]}${atWarn}`]),
    ];
    const saw = observation(test.rule, column);
    page.item(
      [`${ruleQuestions[test.rule]} ${answers(test)}`, ...(saw === null ? [] : [`${saw}.`])].join(' ') +
        (told.length === 0 ? ' (p near 1)' : ` (${told.join('; ')})`),
    );
  }
  page.say(
    `All questions of the run share one alpha of ${formatNumber(alpha)} by Holm's procedure: the k-th smallest p must be at most ` +
      `alpha / (${formatCount(familySize)} − k + 1), so that a clean run has any false finding with that probability at most.`,
  );
  page.say(sentence(noise));
}

function isNearOne(logP: number): boolean {
  return logP > -0.1;
}

function p(logP: number): string {
  return formatPValue(log10FromNatural(logP));
}

function limit(alpha: number, steps: number): string {
  return `${formatNumber(alpha)}/${formatCount(steps)} = ${formatPValue(Math.log10(alpha / steps)).replace(/^= /, '')}`;
}

const ruleQuestions = {
  drift: 'Did the distribution move by more than the tolerance?',
  nulls: 'Are more values missing?',
  unseen: 'Are there more values that the reference never had than it leaves unseen by itself?',
  range: 'Are there more values outside its range than the reference leaves outside by itself?',
  constant: 'Did a constant begin to vary, or the reverse?',
  collapse: 'Is every prediction the same?',
} satisfies Record<JudgedTest['rule'], string>;

function answers({ rule, rejected }: JudgedTest): string {
  if (rejected === null) return 'Not proven.';
  if (rule !== 'drift') return rejected === 'fail' ? 'Yes.' : 'A few, and worth a line.';
  return rejected === 'fail' ? 'Yes, the fail tolerance.' : 'Yes, the warn tolerance.';
}

/** What a hard rule saw, from both profiles. */
function observation(rule: JudgedTest['rule'], { kind, reference, current, findings }: ReportColumn): string | null {
  if (reference === null || current === null) return null;
  switch (rule) {
    case 'nulls': {
      const share = (profile: typeof reference) => formatShare(missingRows(profile) / Math.max(1, profile.rows));
      return `Missing: ${share(reference)} then, ${share(current)} now`;
    }
    case 'range': {
      if (reference.numbers === null || current.numbers === null) return null;
      const show = kind === 'datetime' ? formatInstant : (value: number) => formatNumber(value, 6);
      const span = ({ min, max }: { min: number; max: number }) => `${show(min)} … ${show(max)}`;
      return `Then ${span(reference.numbers)}, now ${span(current.numbers)}`;
    }
    case 'unseen': {
      const finding = findings.find(({ code }) => code === 'UNSEEN_CATEGORIES' || code === 'NEW_VALUES_NOTED');
      if (finding?.data.examples) return `New are ${finding.data.examples}`;
      if (reference.distinct === null || current.distinct === null) return null;
      return `${formatQuantity(reference.distinct.value, 'value')} then, ${formatCount(current.distinct.value)} now`;
    }
    case 'constant':
    case 'collapse': {
      const share = ({ mode, rows }: typeof reference) =>
        mode === null ? null : `${quoted(mode.value, 30)} in ${formatShare(mode.rows / Math.max(1, rows))}`;
      const [then, now] = [share(reference), share(current)];
      return then === null || now === null ? null : `Most frequent: ${then} then, ${now} now`;
    }
    default:
      return null;
  }
}

function changes(page: Page, { cells }: ReportColumn): void {
  if (cells === null) return;
  const [n, m] = [rowsOf(cells.reference), rowsOf(cells.current)];
  const rows = cells.labels
    .map((label, i) => ({ label, before: cells.reference[i]! / n, now: cells.current[i]! / m }))
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  page.heading(
    rows.length > cellsShown ? `Where it changed most, ${cellsShown} of ${rows.length} cells` : 'Where it changed',
  );
  page.table(
    ['cell', 'reference', 'current', 'change'],
    rows
      .slice(0, cellsShown)
      .map(({ label, before, now }) => [label, formatShare(before), formatShare(now), pointsOf(now - before)]),
  );
}

/** Where it moved most, by each segmentation, and what its drift is made of. */
function bySegment(page: Page, { segments = [] }: Report, { name }: ReportColumn): void {
  const told = segments.flatMap(({ columns, segments: parts, tested }) => {
    const own = tested.find(({ column }) => column === name);
    const judged = parts.flatMap(({ name: part }, s) => {
      const phiSquared = own?.phiSquared[s] ?? null;
      return phiSquared === null ? [] : [{ part, phiSquared, level: own!.levels[s] }];
    });
    return own === undefined || judged.length === 0 ? [] : [{ columns, decomposition: own.decomposition, judged }];
  });
  if (told.length === 0) return;
  page.heading('By segment');
  for (const { columns, decomposition, judged } of told) {
    const most = judged.sort((a, b) => b.phiSquared - a.phiSquared).slice(0, segmentsShown);
    const parts = most.map(
      ({ part, phiSquared, level }) =>
        `${quoted(part, 40)} ${formatDistance(phiSquared)}${level ? ` (proven beyond ${level})` : ''}`,
    );
    const split = columns.map((column) => quoted(column, 40)).join(' × ');
    page.item(`φ² by ${split}, of ${formatQuantity(judged.length, 'segment')} the largest: ${parts.join(', ')}.`);
    if (decomposition !== null) page.item(sentence(decomposition.sentence));
  }
}

function measures(page: Page, { measures }: ReportColumn): void {
  if (measures.length === 0) return;
  page.heading('Other measures, shown and never gated');
  page.table(
    ['', 'value', 'within', 'p of no difference'],
    measures.map(({ id, statistic, interval, exact, log10PValue }) => [
      measureTitle(id),
      formatNumber(statistic),
      exact || interval === undefined ? '' : `${formatNumber(interval[0])} … ${formatNumber(interval[1])}`,
      log10PValue === null ? '' : formatPValue(log10PValue).replace(/^= /, ''),
    ]),
  );
  page.say(
    'The p of a classical test asks whether there is any difference at all: with enough rows it is small for a harmless one too. ' +
      'So it says nothing about size, and decides nothing here.',
  );
}

function quality(page: Page, results: readonly QualityResult[], { reference, current }: ReportColumn): void {
  const failures = (reference?.castFailures ?? 0) + (current?.castFailures ?? 0);
  if (!results.some((result) => result.reference !== null || result.current !== null) && failures === 0) return;
  page.heading('Data quality');
  const shown = results.filter((result) => result.reference !== null || result.current !== null);
  if (shown.length > 0) {
    page.table(
      ['', 'reference', 'current', 'speaks beyond', ''],
      shown.map(({ id, reference: before, current: now, threshold, severity }) => [
        qualityTitles[id],
        before === null ? '–' : qualityNumber(id, before),
        now === null ? '–' : qualityNumber(id, now),
        threshold === null ? '' : qualityThreshold(id, threshold),
        severity === null ? '' : `${severity} found`,
      ]),
    );
  }
  if (failures > 0) {
    const examples = (current?.castFailureExamples ?? []).map((value) => quoted(value, 20)).join(', ');
    page.say(
      `${formatQuantity(current?.castFailures ?? 0, 'current value')} and ${formatCount(reference?.castFailures ?? 0)} of the reference ` +
        `do not read as its type and count as missing${examples === '' ? '' : `, e.g. ${examples}`}.`,
    );
  }
}

function qualityNumber(id: QualityResult['id'], value: number): string {
  if (id === 'cardinality') return formatCount(value);
  return id === 'entropy' ? `${formatNumber(value, 3)} bits` : formatShare(value);
}

function qualityThreshold(id: QualityResult['id'], value: number): string {
  if (id === 'cardinality') return `${formatNumber(value)} × expected`;
  if (id === 'entropy') return `± ${formatNumber(value)} bits`;
  return id === 'almost-constant' ? formatShare(value) : pointsOf(value);
}

/** A difference in points, one of them in the singular. */
function pointsOf(difference: number): string {
  return formatPoints(difference).replace(/^([+-]1) points$/, '$1 point');
}

/** What to look at upstream, by what was found. */
const advice: Readonly<Partial<Record<FindingCode, string>>> = {
  COLUMN_MISSING: 'See why the producer no longer writes the column; where it got another name, rename it back.',
  TYPE_CHANGED:
    'Have the producer write the old type again, or declare what the column is now and take a new reference.',
  NULLS_UP:
    'See what stopped filling the column: a source that times out, a form field that became optional, a failed join.',
  UNSEEN_CATEGORIES: 'Decide what the model does with the new values: map them, or retrain with them.',
  OUT_OF_RANGE: 'Look for another unit, currency or scale, and for default values such as 9999.',
  CONSTANT_BECAME_VARYING: 'The model never learned what this column does when it varies: see who began to fill it.',
  VARYING_BECAME_CONSTANT: 'See whether a default is filled in, or a source stands still.',
  PREDICTION_COLLAPSE: 'Look at the model and its inputs before anything else: it answers everything alike.',
  DRIFT_FAIL: 'See first whether something upstream changed: a unit, a filter, a source, a default.',
  DRIFT_WARN: 'See first whether something upstream changed: a unit, a filter, a source, a default.',
  DUPLICATE_ROWS: 'Look for retries that log twice, files read twice and joins that multiply rows.',
  COLUMN_RENAMED: 'Where it is the same column, rename it in the log or in the reference.',
  MIXED_TYPES: 'See which producer writes the odd values; they count as missing where a number is expected.',
  CARDINALITY_UP: 'Look for ids or free text in a category, and for another rounding in a number.',
  ALMOST_CONSTANT: 'See whether a default is filled in, or a source stands still.',
};

function nextSteps(page: Page, column: ReportColumn, alpha: number): void {
  page.heading('What you can do');
  const { name, outcome, gating, findings } = column;
  for (const text of new Set(findings.flatMap(({ code }) => advice[code] ?? []))) page.item(text);
  const drifted = column.tests.some(({ rule, rejected }) => rule === 'drift' && rejected !== null);
  if (outcome === 'drift') {
    if (drifted && gating !== null) {
      page.item(
        'Where this much is fine, raise the tolerance of this column in driftgate.yaml (a fail below it rises too):',
      );
      page.code(yamlOf(name, toleranceAbove(column, alpha)));
    }
    page.item('Where the column does not matter to the model, leave it out:');
    page.code(yamlOf(name, ['role: ignore']));
    if (column.current !== null) {
      page.item('Where the change is real and here to stay, retrain on recent rows and make them the reference.');
    }
    return;
  }
  if (outcome === 'undetermined') {
    page.item(moreRows(column, alpha));
    if (gating !== null && (gating.measure !== undefined || gating.interval[1] < 4)) {
      page.item('Where as much as cannot be excluded would be fine, a tolerance above it makes the column stable:');
      page.code(yamlOf(name, toleranceAbove(column, alpha)));
    }
    page.item(
      'By itself an undetermined column does not breach the gate; with --strict it leaves no verdict (exit code 2).',
    );
    return;
  }
  if (outcome === 'stable') {
    page.item(
      gating === null
        ? 'Nothing.'
        : gating.measure !== undefined
          ? 'Nothing.'
          : `Nothing. A warn tolerance down to φ² ${formatNumber(roundUp(gating.interval[1]))} would still have been proven.`,
    );
    return;
  }
  page.item(
    column.type.reference === null
      ? 'Take a reference that has the column, once the model reads it.'
      : 'To have it tested, say what it is in driftgate.yaml, if its values can be compared:',
  );
  if (column.type.reference !== null) page.code(yamlOf(name, ['role: feature']));
}

/** How many rows would settle an undetermined column, roughly: an interval narrows with the root of the rows. */
function moreRows(column: ReportColumn, alpha: number): string {
  const { gating, error } = column;
  if (error !== null) return 'See why the column could not be read; the others were judged without it.';
  if (gating === null) return 'Judge more rows at once: a longer stretch of the log.';
  const { phiSquared, cells, samplingVariance, interval, tolerance } = gating;
  if (gating.measure !== undefined) return 'Judge more rows at once: a longer stretch of the log.';
  if (gating.noise && interval[0] > tolerance.warn.phiSquared) {
    return "It lies above the warn tolerance, and so do the reference's own periods: a longer stretch of the log averages more of that out.";
  }
  const center = Math.max(0, phiSquared - (cells - 1) * samplingVariance);
  const needed = [
    timesMore(interval[1] - center, tolerance.warn.phiSquared - center),
    ...shifts(column, alpha).map(({ change, width }) => timesMore(width, tolerance.warn.cellChange - change)),
  ];
  const times = Math.max(...needed);
  if (times <= 1) return 'Judge more rows at once: a longer stretch of the log.';
  if (!Number.isFinite(times) || times > 1000) {
    return 'Judge more rows at once: it lies so near the tolerance, or above it, that only many more will tell the side.';
  }
  return `Judge more rows at once: some ${formatNumber(roundUp(times))} times as many on both sides would prove it stable, if it stays as it is.`;
}

/** How many times the rows bring a half width down to the room there is. */
function timesMore(width: number, room: number): number {
  return room > 0 ? (width / room) ** 2 : Number.POSITIVE_INFINITY;
}

/** How the share of each cell changed, and how much further it may lie by sampling. */
function shifts({ cells }: ReportColumn, alpha: number): { readonly change: number; readonly width: number }[] {
  if (cells === null) return [];
  const [n, m] = [rowsOf(cells.reference), rowsOf(cells.current)];
  const z = probit(1 - alpha);
  const share = (count: number, rows: number) => (count + 0.5) / (rows + 1);
  const variance = (p: number, rows: number) => (p * (1 - p)) / rows;
  return cells.reference.map((count, i) => {
    const change = cells.current[i]! / m - count / n;
    const p = share(count, n);
    const seen = variance(p, n) + variance(share(cells.current[i]!, m), m);
    let width = z * Math.sqrt(seen);
    // as the verdict does: the error at the bound, where it is the larger one
    for (let round = 0; round < 8; round++) {
      const q = Math.min(1, Math.max(0, p + Math.sign(change) * (Math.abs(change) + width)));
      width = z * Math.sqrt(Math.max(seen, variance(p, n) + variance(q, m)));
    }
    return { change: Math.abs(change), width };
  });
}

function rowsOf(counts: readonly number[]): number {
  return Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
}

/** A tolerance that this batch would be below, on both scales or on that of the column's own measure, as lines of YAML. */
function toleranceAbove(column: ReportColumn, alpha: number): string[] {
  const { interval, largestCellChange: largest, tolerance, measure: own } = column.gating!;
  if (own !== undefined) {
    const warn = roundUp(Math.max(own.tolerance.warn, own.interval[1]));
    return ['gate:', `  measure: ${own.id}`, `  warn: ${warn}`, `  fail: ${Math.max(warn, own.tolerance.fail)}`];
  }
  const change = largest === null ? 0 : Math.abs(largest.current - largest.reference);
  const uppers = shifts(column, alpha).map((shift) => shift.change + shift.width);
  const widest = Math.max(0, ...shifts(column, alpha).map(({ width }) => width));
  // the windows of the batch are asked too, and may have moved further than the whole
  const { phiSquared = [], cellChange = [] } = column.windows ?? {};
  const furthest = (values: readonly (number | null)[]) => Math.max(0, ...values.map((value) => value ?? 0));
  const cell = Math.max(tolerance.warn.cellChange, change + widest, furthest(cellChange), ...uppers);
  const phi = Math.max(tolerance.warn.phiSquared, interval[1], furthest(phiSquared));
  return [
    'tolerances:',
    `  warn: {phi_squared: ${Math.min(4, roundUp(phi))}, cell_change: ${Math.min(1, roundUp(cell))}}`,
  ];
}

/** Up to two significant digits. */
function roundUp(value: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}

/** Lines of driftgate.yaml for one column. */
function yamlOf(name: string, settings: readonly string[]): string[] {
  const key = yamlKey(name);
  if (key.length > 60)
    return [
      'columns:',
      '  # the name of this column, in quotation marks, is too long to be shown',
      ...settings.map((line) => `    ${line}`),
    ];
  return ['columns:', `  ${key}:`, ...settings.map((line) => `    ${line}`)];
}

/** A name as YAML reads it back: bare where nothing else could be meant, else with every doubtful character escaped. */
export function yamlKey(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) && !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(name)) return name;
  return JSON.stringify(name).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Why the run has its exit code: which findings decide, which do not, and what was left open. */
export function explainGate(report: Report, options: ExplainOptions): string {
  const page = new Page(options);
  const { gate, findings, columns, method } = report;
  const { word, meaning } = statusWords[gate.status];
  page.title(`${word}: ${gate.reason}; exit code ${gate.exitCode}`);
  page.say(`${sentence(meaning)} ${exitWords[gate.exitCode]}`);

  const deciding = findings.filter((finding) => stopsTheGate(report, finding));
  const others = findings.filter((finding) => !deciding.includes(finding));
  told(page, gate.failOn === 'P1' ? 'Findings at P1 decide' : `Findings at ${gate.failOn} or above decide`, deciding);
  told(page, 'Told, and deciding nothing', others);

  page.heading('Columns');
  for (const outcome of ['drift', 'undetermined', 'stable', 'not-tested'] as const) {
    const names = columns.filter((column) => column.outcome === outcome).map(({ name }) => quoted(name, 40));
    if (names.length === 0) continue;
    const { word: what, symbol } = outcomeWords[outcome];
    const more = names.length - namesShown;
    const listed = [...names.slice(0, namesShown), ...(more > 0 ? [`and ${formatCount(more)} more`] : [])].join(', ');
    page.say(`${symbol} ${formatCount(names.length)} ${what}: ${listed}`);
  }

  const quality = (report.quality ?? []).filter(({ column }) => column === null);
  if (quality.length > 0) {
    page.heading('Data quality of the whole');
    page.table(
      ['', 'reference', 'current', 'speaks beyond'],
      quality.map(({ id, reference, current, threshold }) => {
        const show = id === 'duplicate-rows' ? formatShare : formatCount;
        const side = (value: number | null) => (value === null ? '' : show(value));
        return [
          qualityTitles[id],
          side(reference),
          side(current),
          threshold === null ? '' : qualityThreshold(id, threshold),
        ];
      }),
    );
  }

  page.heading('How it was decided');
  page.say(
    `${formatQuantity(method.familySize, 'question')} over ${formatQuantity(columns.length, 'column')} share one alpha of ` +
      `${formatNumber(method.alpha)}: a run in which nothing changed has any false finding with that probability at most.`,
  );
  page.say(sentence(method.noise));

  page.heading('What you can do');
  const worst = deciding.find(({ column }) => column !== null) ?? others.find(({ column }) => column !== null);
  if (worst?.column)
    page.item(`Ask why a column has its outcome: driftgate explain report.json ${shellWord(worst.column)}`);
  if (gate.status === 'breach') {
    page.item('See first whether one cause upstream explains several findings.');
    page.item(
      'To be told without being stopped, set gate.fail_on (--fail-on P1), or the severity of one rule, e.g. --set severity.drift_fail=P3.',
    );
  }
  if (gate.status === 'no-verdict')
    page.item(
      'Nothing was decided: this is no pass. Judge more rows, a longer stretch of the log; gate.min_rows (--min-rows) says how few are judged at all. Or see what could not be read.',
    );
  if (gate.status === 'pass') {
    page.item(
      gate.counts.undetermined > 0
        ? `Pass. ${formatQuantity(gate.counts.undetermined, 'column')} could not be told; --strict does not let that pass.`
        : 'Nothing.',
    );
  }
  return page.text();
}

const exitWords = {
  0: 'A pipeline goes on.',
  1: 'A pipeline stops.',
  2: 'A pipeline must not take this for a pass.',
} satisfies Record<Report['gate']['exitCode'], string>;

function told(page: Page, heading: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  page.heading(`${heading} (${formatCount(findings.length)})`);
  for (const { severity, code, message } of findings.slice(0, findingsShown)) {
    page.item(`${severity} ${findingTitles[code]}: ${message}`);
  }
  const more = findings.length - findingsShown;
  if (more > 0) page.say(`… and ${formatCount(more)} more.`);
}

/** A name as a shell takes it, for names that can be typed. */
function shellWord(name: string): string {
  if (/^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$/.test(name)) return name;
  return /^[ -~]{1,40}$/.test(name) && !name.startsWith('-') ? `'${name.replaceAll("'", "'\\''")}'` : '<column>';
}
