import { useMemo, useState } from 'preact/hooks';
import type { Report } from '../../../../model/report.ts';
import type { DriftDecomposition, Segment, Segmentation, SegmentStatus } from '../../../../model/segments.ts';
import { formatCount, formatDistance, formatQuantity, formatShare } from '../../../numbers.ts';
import { HeatMap, levelMarks } from '../charts/heat-map.tsx';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { Mark } from '../parts/mark.tsx';
import { Share } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { ColumnLink, Sentence, Text } from '../parts/text.tsx';

export function hasSegments({ segments }: Report): boolean {
  return segments !== undefined && segments.length > 0;
}

const shownAtFirst = 12;
const worstShown = 3;

const statusWords = {
  judged: 'judged',
  'few-rows': 'too few rows',
  new: 'new',
  vanished: 'vanished',
  other: 'all others together',
} satisfies Record<SegmentStatus, string>;

/** In which part of the data something changed, and whether the parts' shares explain it. */
export function Segments({ report, entries, printing }: SectionProps) {
  return (
    <>
      {report.segments!.map((segmentation, i) => (
        <article key={i} class="segmentation">
          <h3>
            By{' '}
            {segmentation.columns.map((column, j) => (
              <span key={j}>
                {j > 0 && ' × '}
                <Text value={column} limit={80} />
              </span>
            ))}
          </h3>
          {segmentation.skipped !== null ? (
            <p class="none">
              Not split: <Sentence>{segmentation.skipped}</Sentence>
            </p>
          ) : (
            <Parts segmentation={segmentation} report={report} entries={entries} printing={printing} />
          )}
        </article>
      ))}
    </>
  );
}

interface PartsProps {
  readonly segmentation: Segmentation;
  readonly report: Report;
  readonly entries: readonly Entry[];
  readonly printing: boolean;
}

function Parts({ segmentation, report, entries, printing }: PartsProps) {
  const [all, setAll] = useState(false);
  const { segments, newValues, judged } = segmentation;
  const byName = useMemo(() => new Map(entries.map((entry) => [entry.column.name, entry] as const)), [entries]);
  const shown = all || printing ? segments : segments.slice(0, shownAtFirst);
  const of = { reference: report.datasets.reference.rows, current: report.datasets.current.rows };
  const share = (rows: number, whole: number) => (whole > 0 ? rows / whole : 0);
  const largest = Math.max(
    Number.MIN_VALUE,
    ...segments.map(({ rows }) => Math.max(share(rows.reference, of.reference), share(rows.current, of.current))),
  );
  const width = (rows: number, whole: number) => ({ width: `${((share(rows, whole) / largest) * 100).toFixed(2)}%` });
  return (
    <>
      <p class="small">
        {formatQuantity(judged, 'segment')} of {formatCount(segments.length)} compared with the same segment of the
        reference.
        {newValues.length > 0 && (
          <>
            {' '}
            Values that the reference never had:{' '}
            {newValues.map(({ value, rows }, i) => (
              <span key={i}>
                {i > 0 && ', '}“<Text value={value} limit={40} />” ({formatQuantity(rows, 'row')})
              </span>
            ))}
            .
          </>
        )}
      </p>
      <Scroll label="Segments">
        <table class="numbers bars segment-table">
          <thead>
            <tr>
              <th scope="col">segment</th>
              <th scope="col" class="key reference">
                reference
              </th>
              <th scope="col" class="key current">
                current
              </th>
              <th scope="col">outcome</th>
              <th scope="col" class="worst">
                worst columns
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((segment, i) => (
              <tr key={i}>
                <th scope="row">
                  {segment.level && <Mark level={segment.level} />}
                  <Text value={segment.name} limit={70} />
                  <span class="bar reference" style={width(segment.rows.reference, of.reference)} />
                  <span class="bar current" style={width(segment.rows.current, of.current)} />
                </th>
                <td>
                  <Share rows={segment.rows.reference} of={of.reference} />
                  <span class="small interval-words">{formatCount(segment.rows.reference)}</span>
                </td>
                <td>
                  <Share rows={segment.rows.current} of={of.current} />
                  <span class="small interval-words">{formatCount(segment.rows.current)}</span>
                </td>
                <td>
                  <SegmentOutcome segment={segment} />
                </td>
                <td class="worst">
                  <Worst segmentation={segmentation} at={i} byName={byName} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown.length < segments.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(segments.length)} segments
        </button>
      )}
      <Decompositions segmentation={segmentation} byName={byName} printing={printing} />
      <BySegment segmentation={segmentation} byName={byName} printing={printing} />
    </>
  );
}

/** What the verdict proved of a segment. */
function SegmentOutcome({ segment: { status, level, drifted } }: { segment: Segment }) {
  if (level === null) {
    return status === 'judged' ? <>no drift proven</> : <span class="none">{statusWords[status]}</span>;
  }
  return (
    <b class={`rejected ${level}`}>
      <span aria-hidden="true">{levelMarks[level]}</span> {formatQuantity(drifted, 'column')}, {level} level
    </b>
  );
}

/** The columns that moved most in one segment, against their own tolerance. */
function Worst({ segmentation, at, byName }: { segmentation: Segmentation; at: number; byName: Map<string, Entry> }) {
  const worst = segmentation.tested
    .flatMap(({ column, phiSquared, levels }) => {
      const value = phiSquared[at] ?? null;
      const entry = byName.get(column);
      if (value === null || entry === undefined) return [];
      const full = entry.column.gating?.tolerance.fail.phiSquared ?? null;
      return [{ entry, value, level: levels[at] ?? null, beyond: full === null ? 0 : value / full }];
    })
    .sort((a, b) => rank(b.level) - rank(a.level) || b.beyond - a.beyond)
    .slice(0, worstShown);
  if (worst.length === 0) return <>–</>;
  return (
    <>
      {worst.map(({ entry, value, level }, i) => (
        <span key={entry.index} class="worst-column">
          {i > 0 && ' · '}
          <ColumnLink entry={entry} /> <span class="small">φ² {formatDistance(value)}</span>
          {level !== null && (
            <>
              {' '}
              <span title={`drift proven at ${level} level`}>
                <span aria-hidden="true">{levelMarks[level]}</span>
                <span class="hidden">{level} level</span>
              </span>
            </>
          )}
        </span>
      ))}
    </>
  );
}

function rank(level: 'fail' | 'warn' | null): number {
  return level === 'fail' ? 2 : level === 'warn' ? 1 : 0;
}

interface InnerProps {
  readonly segmentation: Segmentation;
  readonly byName: Map<string, Entry>;
  readonly printing: boolean;
}

const decompositionsAtFirst = 6;

/** What the drift of a column is made of: other shares of the segments, or change inside of them. */
function Decompositions({ segmentation, byName, printing }: InnerProps) {
  const [all, setAll] = useState(false);
  const split = segmentation.tested.flatMap(({ column, decomposition }) =>
    decomposition === null ? [] : [{ column, decomposition }],
  );
  if (split.length === 0) return null;
  const shown = all || printing ? split : split.slice(0, decompositionsAtFirst);
  return (
    <>
      <h4>What the drift is made of</h4>
      <ul class="decompositions">
        {shown.map(({ column, decomposition }) => {
          const entry = byName.get(column);
          return (
            <li key={column}>
              <p>
                <b>{entry ? <ColumnLink entry={entry} /> : <Text value={column} limit={60} />}</b>{' '}
                <Sentence>{decomposition.sentence}</Sentence>
              </p>
              <MixAndWithin decomposition={decomposition} segments={segmentation.segments} />
            </li>
          );
        })}
      </ul>
      {shown.length < split.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(split.length)} columns that drifted
        </button>
      )}
    </>
  );
}

const insidersShown = 4;

/** Bars of one length scale: the changed mix, then the segments that contribute most. */
function MixAndWithin({
  decomposition: { mix, within },
  segments,
}: {
  decomposition: DriftDecomposition;
  segments: readonly Segment[];
}) {
  const inside = within
    .map((value, i) => ({ name: segments[i]?.name ?? '', value }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const rest = inside.slice(insidersShown).reduce((sum, { value }) => sum + value, 0);
  const lines = [
    { name: 'the mix of segments', own: true, kind: 'mix', value: mix },
    ...inside.slice(0, insidersShown).map(({ name, value }) => ({ name, own: false, kind: 'within', value })),
    ...(inside.length > insidersShown ? [{ name: 'within all others', own: true, kind: 'within', value: rest }] : []),
  ];
  const longest = Math.max(1, ...lines.map(({ value }) => Math.abs(value)));
  return (
    <table class="numbers parts">
      <caption class="hidden">Shares of φ²</caption>
      <tbody>
        {lines.map(({ name, own, kind, value }, i) => (
          <tr key={i}>
            <th scope="row">
              {own ? (
                <i>{name}</i>
              ) : (
                <>
                  within “<Text value={name} limit={50} />”
                </>
              )}
            </th>
            <td>{wholeShare(value)}</td>
            <td class="bar-cell">
              <span
                class={`part ${kind} ${value < 0 ? 'against' : ''}`}
                style={{ width: `${((Math.abs(value) / longest) * 100).toFixed(2)}%` }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Shares of a sum, of which less than a tenth of a per cent is nothing. */
function wholeShare(value: number): string {
  return Math.abs(value) < 0.0005 ? '0 %' : formatShare(value).replace(/^-/, '−');
}

/** Columns by segment, where there is more than one to compare. */
function BySegment({ segmentation, byName, printing }: InnerProps) {
  const { segments, tested } = segmentation;
  const compared = segments.flatMap((segment, i) => (segment.status === 'judged' ? [{ segment, i }] : []));
  const rows = tested.flatMap(({ column, phiSquared, levels }) => {
    const entry = byName.get(column);
    if (entry === undefined) return [];
    return [
      {
        entry,
        values: compared.map(({ i }) => phiSquared[i] ?? null),
        levels: compared.map(({ i }) => levels[i] ?? null),
        full: entry.column.gating && 2 * entry.column.gating.tolerance.fail.phiSquared,
      },
    ];
  });
  if (compared.length < 2 || rows.length === 0) return null;
  return (
    <details open={printing}>
      <summary>
        <h4>Columns by segment</h4>
      </summary>
      <HeatMap
        label="Columns by segment"
        heads={compared.map(({ segment }) => ({ name: segment.name, short: segment.name, rows: segment.rows.current }))}
        rows={rows}
        told={(value) => `φ² ${formatDistance(value)}`}
        scale="twice the fail tolerance of the column and more"
        empty="not judged"
        printing={printing}
      />
    </details>
  );
}
