import { DriftError } from '../model/errors.ts';
import { metricTitle } from '../model/outcomes.ts';
import type { Report } from '../model/report.ts';
import { quoted } from '../model/text.ts';
import type { Finding } from '../model/verdict.ts';
import { drawPredictions } from './explain-predictions.ts';
import { drawRanking } from './explain-ranking.ts';
import {
  formatCount,
  formatDistance,
  formatInstant,
  formatNumber,
  formatPValue,
  formatQuantity,
  formatShare,
} from './numbers.ts';
import { Page } from './page.ts';
import { shownWindows } from './windows.ts';
import { asSentence, log10FromNatural, outOfOrder } from './words.ts';

interface ExplainOptions {
  readonly color: boolean;
  readonly width: number;
}

const windowsShown = 40;
const segmentsShown = 20;
const sentencesShown = 8;

/** What can be explained beside a column, with what a report needs to have it. */
export const explainedSections = {
  time: {
    draw: drawTime,
    needs: 'it needs a timestamp or --window',
    codes: ['DATA_STALE', 'TIME_DISORDER'],
  },
  outcomes: {
    draw: drawOutcomes,
    needs: 'it needs predictions and labels: --label, --labels',
    codes: ['PERFORMANCE_DOWN', 'PERFORMANCE_SLIPPED', 'ESTIMATED_PERFORMANCE_DOWN', 'LABELS_BIASED', 'LABEL_JOIN'],
  },
  predictions: {
    draw: drawPredictions,
    needs: 'it needs a prediction or a score: --prediction, --score',
    codes: ['CONFIDENCE_DOWN', 'SCORES_INVALID', 'PREDICTION_COLLAPSE', 'PREDICTIONS_OUT_OF_BOUNDS'],
  },
  segments: { draw: drawSegments, needs: 'it needs --segment COLUMN', codes: ['SEGMENT_DRIFT'] },
  ranking: {
    draw: drawRanking,
    needs: 'it needs importances (--importance) or a prediction that moved',
    codes: [],
  },
  service: {
    draw: drawService,
    needs: 'it needs a latency or a status: --latency, --status',
    codes: ['SERVICE_LEVEL_MISSED'],
  },
} satisfies Record<string, Section>;

interface Section {
  /** false when the report has nothing of it */
  readonly draw: (page: Page, report: Report) => boolean;
  readonly needs: string;
  readonly codes: readonly Finding['code'][];
}

export type ExplainedSection = keyof typeof explainedSections;

export function isExplainedSection(name: string): name is ExplainedSection {
  return Object.hasOwn(explainedSections, name);
}

/**
 * One part of a report in plain words.
 *
 * @throws {DriftError} UNKNOWN_COLUMN when the report has nothing of it
 */
export function explainSection(report: Report, name: ExplainedSection, options: ExplainOptions): string {
  const { draw, needs, codes } = explainedSections[name];
  const page = new Page(options);
  page.title(`${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  const findings = report.findings.filter(({ code }) => (codes as readonly string[]).includes(code));
  for (const { severity, message } of findings.slice(0, sentencesShown))
    page.item(`${severity} ${asSentence(message)}`);
  if (!draw(page, report)) {
    throw new DriftError('UNKNOWN_COLUMN', `the report has nothing of ${name}, and no column of that name; ${needs}`);
  }
  if (findings.length === 0) page.say(`No finding is about ${name} as such.`);
  return page.text();
}

function drawTime(page: Page, { time, columns, findings }: Report): boolean {
  if (time === undefined) return false;
  if (time.column !== null) {
    page.say(
      `Rows by ${quoted(time.column, 60)}, in days of ${time.zone}: ${moment(time.oldest)} to ${moment(time.newest)} UTC.`,
    );
    page.say(
      `${formatQuantity(time.missingRows, 'row')} without a time, ${formatQuantity(time.futureRows, 'row')} dated after the run, ` +
        `earlier than the row before: ${outOfOrder(time)}.`,
    );
  }
  for (const { from, to } of time.gaps) page.item(`No row from ${moment(from)} to ${moment(to)} UTC.`);
  const since = findings.filter(
    ({ code, data }) => (code === 'DRIFT_FAIL' || code === 'DRIFT_WARN') && typeof data.since === 'string',
  );
  if (since.length > 0) {
    page.heading('Since when');
    for (const { column, data } of since.slice(0, segmentsShown)) {
      const span = data.part === 'suffix' ? `since ${data.since}` : `from ${data.since} to ${data.until}`;
      page.item(`${quoted(column ?? '', 60)} ${span}.`);
    }
    if (since.length > segmentsShown) page.say(`… and ${formatCount(since.length - segmentsShown)} more.`);
  }
  if (time.windows.length === 0) {
    page.say('The batch was not cut into windows.');
    return true;
  }
  page.heading(`${formatQuantity(time.windows.length, 'window')} of the batch`);
  const shown = shownWindows(time.windows, time.zone);
  const beyond = (i: number, level: 'fail' | 'warn') =>
    formatCount(columns.filter(({ windows }) => windows?.beyond[i] === level).length);
  page.table(
    [time.windows[0]!.from === null ? 'window' : 'from, UTC', 'rows', 'columns beyond fail', 'beyond warn'],
    time.windows
      .slice(0, windowsShown)
      .map(({ from, rows, judged }, i) => [
        from === null ? shown[i]!.name : moment(from),
        formatCount(rows),
        judged ? beyond(i, 'fail') : 'too few rows',
        judged ? beyond(i, 'warn') : '',
      ]),
  );
  if (time.windows.length > windowsShown) page.say(`… and ${formatCount(time.windows.length - windowsShown)} more.`);
  return true;
}

function drawOutcomes(page: Page, { outcomes, time }: Report): boolean {
  if (outcomes === undefined) return false;
  const { columns, join, judged, estimate, bias, reference, current, refused } = outcomes;
  const positive = outcomes.positive === null ? '' : `, the positive class is ${quoted(outcomes.positive, 40)}`;
  page.say(
    `A ${outcomes.task} model; labels of ${quoted(columns.label, 60)} ${columns.labelsFrom === 'file' ? 'from a file' : 'in the log'}${positive}.`,
  );
  for (const [side, of] of [
    ['reference', reference],
    ['current side', current],
  ] as const) {
    page.say(
      of === null
        ? `The ${side} has no labels that were measured.`
        : `${formatCount(of.labelled)} of ${formatQuantity(of.rows, 'row')} of the ${side} have a label and a prediction.`,
    );
  }
  if (refused !== null) page.say(asSentence(refused));
  if (join !== null) {
    page.say(
      `Joined by ${quoted(join.key, 60)}: ${formatCount(join.matched)} rows got a label, ${formatCount(join.unlabelled)} did not; ` +
        `${formatQuantity(join.orphanKeys, 'key')} of the labels met no row, ${formatCount(join.conflictingKeys)} had labels that differ.`,
    );
  }
  if (judged.length > 0) {
    page.heading('Against the baseline');
    page.table(
      ['metric', 'baseline', 'now', 'worse by', 'accepted', 'p', 'proven'],
      judged.map((metric) => {
        const log = metric.rejected === 'fail' ? metric.logPFail : metric.logPWarn;
        return [
          `${metricTitle(metric.id)}${metric.className === null ? '' : ` of ${quoted(metric.className, 30)}`}${metric.from === 'estimate' ? ', estimated' : ''}`,
          number(metric.baseline),
          number(metric.current),
          metric.relative === null ? '–' : formatShare(metric.relative),
          formatShare(metric.tolerated[metric.rejected ?? 'warn']),
          log === null ? '–' : formatPValue(log10FromNatural(log)).replace(/^= /, ''),
          metric.rejected ?? 'no',
        ];
      }),
    );
    const windows = shownWindows(outcomes.windows, time?.zone);
    for (const { id, reason, window } of judged) {
      if (reason !== null) page.item(`${metricTitle(id)} was not tested: ${asSentence(reason)}`);
      const part = window === null ? undefined : windows[window];
      if (part)
        page.item(`The strongest evidence on ${metricTitle(id)} is not the whole batch but the part ${part.during}.`);
    }
  }
  if (estimate !== null) {
    page.heading('Estimated without labels');
    if (estimate.refused !== null) page.say(`Refused: ${asSentence(estimate.refused)}`);
    for (const { id, className, value, interval } of estimate.metrics) {
      const range = interval === null ? '' : ` (${number(interval[0])} to ${number(interval[1])})`;
      page.item(
        `${metricTitle(id)}${className === null ? '' : ` of ${quoted(className, 30)}`} ${number(value)}${range}.`,
      );
    }
  }
  if (bias.length > 0) {
    page.heading('Labelled rows against the others');
    for (const one of bias.slice(0, sentencesShown)) {
      page.item(
        `${quoted(one.column, 60)}: φ² ${formatDistance(one.phiSquared)}; ${quoted(one.cell, 40)} holds ${formatShare(one.labelled)} of the labelled rows and ${formatShare(one.unlabelled)} of the others.`,
      );
    }
  }
  return true;
}

function drawSegments(page: Page, { segments }: Report): boolean {
  if (segments === undefined || segments.length === 0) return false;
  for (const { columns, skipped, segments: parts, judged, tested } of segments) {
    page.heading(`By ${columns.map((column) => quoted(column, 40)).join(' × ')}`);
    if (skipped !== null) {
      page.say(`Not split: ${asSentence(skipped)}`);
      continue;
    }
    page.say(
      `${formatCount(judged)} of ${formatQuantity(parts.length, 'segment')} compared with the same segment of the reference.`,
    );
    page.table(
      ['segment', 'rows then', 'rows now', 'columns that drifted', 'level'],
      parts
        .slice(0, segmentsShown)
        .map(({ name, rows, drifted, level, status }) => [
          name,
          formatCount(rows.reference),
          formatCount(rows.current),
          status === 'judged' ? formatCount(drifted) : '–',
          status === 'judged' ? (level ?? 'none') : status,
        ]),
    );
    if (parts.length > segmentsShown) page.say(`… and ${formatCount(parts.length - segmentsShown)} more.`);
    const explained = tested.flatMap(({ decomposition }) => decomposition ?? []);
    for (const decomposition of explained.slice(0, sentencesShown)) page.item(asSentence(decomposition.sentence));
  }
  return true;
}

function drawService(page: Page, { service }: Report): boolean {
  if (service === undefined) return false;
  if (service.levels.length === 0) page.say('No service level is written down.');
  else {
    page.heading('Levels');
    page.table(
      ['level', 'written down', 'found', 'kept', 'windows that miss it'],
      service.levels.map(({ measure, column, level, found, missed, windows }) => [
        column === null ? measure : `${measure} of ${quoted(column, 40)}`,
        formatNumber(level),
        number(found),
        missed === null ? 'not judged' : missed ? 'missed' : 'yes',
        formatCount(windows.length),
      ]),
    );
    for (const { measure, reason } of service.levels) {
      if (reason !== null) page.item(`${measure}: ${asSentence(reason)}`);
    }
  }
  page.heading('Found');
  for (const { column, unit, reason, reference, current } of service.latencies) {
    const told = (summary: typeof current) =>
      summary?.percentiles
        ? `p50 ${number(summary.percentiles.p50.value)}, p95 ${number(summary.percentiles.p95.value)}, p99 ${number(summary.percentiles.p99.value)} ms`
        : 'no latency';
    page.item(
      `${quoted(column, 60)}, in ${unit} (${reason}): ${told(reference)} in the reference; ${told(current)} now.`,
    );
  }
  for (const { column, reference, current } of service.statuses) {
    const told = (summary: typeof current) =>
      summary === null ? 'nothing' : `${formatShare(summary.rows > 0 ? summary.errors / summary.rows : 0)} errors`;
    page.item(`${quoted(column, 60)}: ${told(reference)} in the reference, ${told(current)} now.`);
  }
  if (service.time !== null) page.item(`${formatNumber(service.time.throughput, 3)} rows a second.`);
  return true;
}

function moment(iso: string | null): string {
  return iso === null ? '–' : formatInstant(Math.floor(Date.parse(iso) / 1000));
}

function number(value: number | null): string {
  return value === null ? '–' : formatNumber(value);
}
