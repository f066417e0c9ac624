import type { ImportantColumn, Ranking } from '../../src/model/ranking.ts';
import { type Segment, type Segmentation, type SegmentedColumn, segmentName } from '../../src/model/segments.ts';

/** Made-up sections of a report, as wide and as hostile as the names they are given. */

const statuses = ['judged', 'judged', 'judged', 'few-rows', 'new', 'vanished'] as const;
const levels = ['fail', 'warn', null] as const;

export function segmentationOf(
  columns: readonly string[],
  values: readonly (string | null)[],
  tested: readonly string[],
): Segmentation {
  const segments: Segment[] = [
    ...values.map((value, i): Segment => {
      const own = columns.map((_, c) => (c === 0 ? value : `${c}`));
      const status = statuses[i % statuses.length]!;
      return {
        values: own,
        name: segmentName(own),
        status,
        rows: { reference: status === 'new' ? 0 : 1000 + i, current: status === 'vanished' ? 0 : 500 + i },
        level: status === 'judged' ? levels[i % 3]! : null,
        drifted: status === 'judged' && i % 3 < 2 ? 1 + (i % 4) : 0,
      };
    }),
    {
      values: null,
      name: segmentName(null),
      status: 'other',
      rows: { reference: 90, current: 80 },
      level: null,
      drifted: 0,
    },
  ];
  return {
    columns,
    skipped: null,
    segments,
    judged: segments.filter(({ status }) => status === 'judged').length,
    distinct: columns.map(() => values.length),
    newValues: values.slice(0, 2).flatMap((value) => (value === null ? [] : [{ value, rows: 12 }])),
    tested: tested.map((column, c): SegmentedColumn => {
      const of = <T>(give: (segment: Segment, s: number) => T) =>
        segments.map((segment, s) => (segment.status === 'judged' ? give(segment, s) : null));
      const name = segments[0]!.name;
      return {
        column,
        role: 'feature',
        rejected: levels[c % 3]!,
        phiSquared: of((_, s) => (c + s + 1) / 100),
        cellChange: of((_, s) => (s + 1) / 200),
        levels: of(({ level }) => level),
        decomposition: {
          phiSquared: 0.3 + c / 1000,
          mix: 0.2,
          within: segments.map((_, s) => (s === 0 ? 0.8 : 0)),
          reweighted: 0.2,
          explained: c % 2 === 0 ? 'segment' : 'mix',
          segment: name,
          sentence: `the drift of ${column} is explained by ${columns.join(' × ')} ${name}`,
        },
      };
    }),
  };
}

export const skippedSegmentation: Segmentation = {
  columns: ['user'],
  skipped: '"user" has 50,000 values or more, which name rows and not groups of them',
  segments: [],
  judged: 0,
  distinct: [null],
  newValues: [],
  tested: [],
};

export function rankingOf(names: readonly string[]): Ranking {
  const share = 1 / names.length;
  return {
    importance: names.map(
      (column, i): ImportantColumn => ({
        column,
        importance: i % 7,
        phiSquared: i % 5 === 4 ? null : 0.1 * (i + 1),
        weight: i % 5 === 4 ? null : 0.1 * (i + 1) * (i % 7),
        share: i % 5 === 4 ? null : share,
        outcome: (['drift', 'stable', 'undetermined', 'not-tested'] as const)[i % 4]!,
      }),
    ),
    predictions: names.slice(0, 2).map((column) => ({
      column,
      role: 'score',
      phiSquared: 0.4,
      columns: names.map((name, i) => ({
        ...{ column: name, phiSquared: 0.2, reweighted: 0.1, uncovered: 0, effectiveRows: 1000 },
        explained: 0.9 - i / 10,
      })),
      left: 3,
      sentence: `with the reference's distribution of ${column} …`,
    })),
  };
}
