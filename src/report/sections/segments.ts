import type { Report } from '../../model/report.ts';
import type { DriftDecomposition, Segment, Segmentation } from '../../model/segments.ts';
import { clip, terminalText, wrap } from '../display-width.ts';
import { cells, code, table, text } from '../markdown-text.ts';
import { formatCount, formatDistance, formatQuantity } from '../numbers.ts';
import type { Family } from '../prometheus.ts';
import { shownName, unique } from '../words.ts';

/** The verdict by segment, and what the drift of columns is made of. */

const segmentationsShown = 3;
const namesShown = 5;
const sentencesShown = 3;
const tableBytes = 4000;
const sentenceLength = 240;

export const statusWords = {
  judged: 'judged',
  'few-rows': 'too few rows',
  new: 'new',
  vanished: 'vanished',
  other: 'all others, not judged',
} satisfies Record<Segment['status'], string>;

export function terminalLines({ segments = [] }: Report, width: number): string[] {
  const shown = segments.slice(0, segmentationsShown);
  const lines = shown.flatMap((segmentation) => [
    ...wrap(`segments of ${terminalText(nameOf(segmentation), 60)}: ${terminalText(summary(segmentation))}`, width),
    ...explained(segmentation)
      .slice(0, sentencesShown)
      .flatMap(({ sentence }) => indented(terminalText(sentence), width)),
  ]);
  const more = segments.length - shown.length;
  return more > 0 ? [...lines, `… and ${formatQuantity(more, 'more segmentation')}, see report.json`] : lines;
}

function indented(sentence: string, width: number): string[] {
  return wrap(sentence, width - 2).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`));
}

function nameOf({ columns }: Segmentation): string {
  return columns.map((column) => shownName(column, 40)).join(' × ');
}

/** What was judged, what drifted, what could not be judged: `6 judged; drift in north (2 columns); too few rows in midlands`. */
function summary({ segments, judged, skipped, newValues }: Segmentation): string {
  if (skipped !== null) return skipped;
  const drifted = segments.filter(({ level }) => level !== null);
  const listed = (all: readonly Segment[], remark: (segment: Segment) => string) => {
    const names = all
      .slice(0, namesShown)
      .map((segment) => `${clip(shownName(segment.name, 40), 40)}${remark(segment)}`);
    return [...names, ...(all.length > names.length ? [`${formatCount(all.length - names.length)} more`] : [])].join(
      ', ',
    );
  };
  const of = (status: Segment['status']) => segments.filter((segment) => segment.status === status);
  const untold = (['few-rows', 'new', 'vanished'] as const).flatMap((status) => {
    const all = of(status);
    return all.length === 0 ? [] : [`${statusWords[status]}: ${listed(all, () => '')}`];
  });
  return [
    `${formatCount(judged)} judged`,
    drifted.length === 0
      ? 'none drifted'
      : `drift in ${listed(drifted, (segment) => ` (${formatQuantity(segment.drifted, 'column')})`)}`,
    ...untold,
    ...of('other').map(({ rows }) => `all others ${formatQuantity(rows.current, 'row')}`),
    ...(newValues.length === 0
      ? []
      : [`new values: ${newValues.map(({ value }) => clip(shownName(value, 40), 40)).join(', ')}`]),
  ].join('; ');
}

/** Decompositions with a cause that explains most, the largest drift first. */
function explained({ tested }: Segmentation): DriftDecomposition[] {
  return tested
    .flatMap(({ decomposition }) => decomposition ?? [])
    .filter(({ explained }) => explained !== 'spread')
    .sort((a, b) => b.phiSquared - a.phiSquared);
}

export function markdownLines({ segments = [] }: Report): string[] {
  return segments.slice(0, segmentationsShown).flatMap((segmentation, i) => {
    const { columns, skipped, tested } = segmentation;
    const title = `### Segments of ${columns.map((column) => code(column, 60)).join(' × ')}`;
    const head = [...(i === 0 ? [] : ['']), title, ''];
    if (skipped !== null) return [...head, text(skipped, sentenceLength)];
    const worst = (s: number) =>
      tested
        .filter(({ phiSquared }) => phiSquared[s] !== null)
        .reduce<{ column: string; phiSquared: number } | null>(
          (best, { column, phiSquared }) =>
            best === null || phiSquared[s]! > best.phiSquared ? { column, phiSquared: phiSquared[s]! } : best,
          null,
        );
    const rows = segmentation.segments.map((segment, s) => {
      const most = worst(s);
      return cells([
        code(segment.name, 60),
        formatCount(segment.rows.reference),
        formatCount(segment.rows.current),
        segment.status !== 'judged' ? statusWords[segment.status] : (segment.level ?? 'no drift proven'),
        segment.level === null ? '' : formatCount(segment.drifted),
        most === null ? '' : `${code(most.column, 60)} φ² ${formatDistance(most.phiSquared)}`,
      ]);
    });
    const body = table(
      ['segment', '>rows then', '>now', 'level', '>columns drifted', 'largest'],
      rows,
      tableBytes,
      (left) => `… and ${formatQuantity(left, 'more segment')}: report.json has them all.`,
    );
    const said = explained(segmentation)
      .slice(0, sentencesShown)
      .map(({ sentence }) => `- ${text(sentence, sentenceLength)}`);
    return [...head, body, ...(said.length === 0 ? [] : ['', ...said])];
  });
}

export function prometheusFamilies({ segments = [] }: Report): Family[] {
  const named = segments.map((segmentation) => ({
    ...segmentation,
    segmentation: shownName(segmentation.columns.join(' × '), 200),
    names: unique(segmentation.segments.map(({ name }) => shownName(name, 200))),
    columns: unique(segmentation.tested.map(({ column }) => shownName(column, 200))),
  }));
  const split = unique(named.map(({ segmentation }) => segmentation));
  const sides = ['reference', 'current'] as const;
  return [
    {
      name: 'segment_rows',
      help: 'Rows of a segment.',
      samples: named.flatMap(({ segments, names }, i) =>
        segments.flatMap(({ rows }, s) =>
          sides.map((side) => ({
            labels: { segmentation: split[i]!, segment: names[s]!, side },
            value: rows[side],
          })),
        ),
      ),
    },
    {
      name: 'segment_drifted_columns',
      help: 'Columns proven to have drifted in a segment that was judged.',
      samples: named.flatMap(({ segments, names }, i) =>
        segments.flatMap(({ status, drifted }, s) =>
          status === 'judged' ? [{ labels: { segmentation: split[i]!, segment: names[s]! }, value: drifted }] : [],
        ),
      ),
    },
    {
      name: 'column_drift_mix_ratio',
      help: "Share of a column's drift that the changed shares of the segments make up.",
      samples: named.flatMap(({ tested, columns }, i) =>
        tested.flatMap(({ decomposition }, c) =>
          decomposition === null
            ? []
            : [{ labels: { segmentation: split[i]!, column: columns[c]! }, value: decomposition.mix }],
        ),
      ),
    },
  ];
}
