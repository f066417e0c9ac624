import { useMemo, useState } from 'preact/hooks';
import type { Report } from '../../../../model/report.ts';
import type { TimeReport } from '../../../../model/time.ts';
import { formatCount, formatDistance, formatPoints, formatQuantity, formatShare } from '../../../numbers.ts';
import { shownMoment, shownWindows } from '../../../windows.ts';
import { outOfOrder } from '../../../words.ts';
import { HeatMap, type HeatRow } from '../charts/heat-map.tsx';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { Choice } from '../parts/choice.tsx';
import { type Fact, Facts } from '../parts/facts.tsx';
import { formatSeconds } from '../parts/number.tsx';
import { Text } from '../parts/text.tsx';

export function hasTime({ time }: Report): boolean {
  return time !== undefined;
}

const views = {
  phiSquared: { title: 'φ²', told: (value: number) => `φ² ${formatDistance(value)}` },
  cellChange: {
    title: 'Largest change',
    told: (value: number) => `largest change of a cell ${formatPoints(value).replace(/^\+/, '')}`,
  },
  missing: { title: 'Missing', told: (value: number) => `${formatShare(value)} missing` },
} as const;
type View = keyof typeof views;

/** When the rows came about, and since when which column is different. */
export function Time({ report, entries, printing }: SectionProps) {
  const time = report.time!;
  const [view, setView] = useState<View>('phiSquared');
  const heads = useMemo(() => shownWindows(time.windows, time.zone), [time]);
  const rows = useMemo(() => rowsOf(entries, view), [entries, view]);
  return (
    <>
      <Since report={report} entries={entries} />
      {heads.length > 0 && rows.length > 0 && (
        <>
          <Choice
            label="What is shown by window"
            choices={(Object.keys(views) as View[]).map((id) => [id, views[id].title] as const)}
            chosen={view}
            choose={setView}
          />
          <HeatMap
            label="Columns by window"
            heads={heads}
            rows={rows}
            told={views[view].told}
            scale={view === 'missing' ? 'every row' : 'twice the fail tolerance of the column and more'}
            empty={view === 'missing' ? 'not counted' : 'too few rows to be judged'}
            printing={printing}
          />
        </>
      )}
      <Facts facts={facts(time)} />
      <Gaps time={time} />
    </>
  );
}

/** Columns that tell something by window, worst first. */
function rowsOf(entries: readonly Entry[], view: View): HeatRow[] {
  return entries.flatMap((entry) => {
    const { windows, gating } = entry.column;
    const values = windows?.[view];
    if (!windows || !values?.some((value) => value !== null)) return [];
    const full =
      view === 'missing'
        ? 1
        : view === 'phiSquared'
          ? gating && 2 * gating.tolerance.fail.phiSquared
          : gating && 2 * gating.tolerance.fail.cellChange;
    return [{ entry, values, levels: view === 'missing' ? [] : windows.beyond, full }];
  });
}

/** When each drift began, earliest first. */
function Since({ report, entries }: { report: Report; entries: readonly Entry[] }) {
  const began = new Map<string, { since: string; suffix: boolean; entries: Entry[] }>();
  for (const { column, code, data } of report.findings) {
    if (code !== 'DRIFT_FAIL' && code !== 'DRIFT_WARN') continue;
    if (typeof data.since !== 'string' || data.part === 'whole') continue;
    const entry = entries.find(({ column: { name } }) => name === column);
    if (entry === undefined) continue;
    const suffix = data.part === 'suffix';
    const words = suffix ? `since ${data.since}` : `from ${data.since} to ${data.until}`;
    const group = began.get(words);
    if (group === undefined) began.set(words, { since: data.since, suffix, entries: [entry] });
    else if (!group.entries.includes(entry)) group.entries.push(entry);
  }
  if (began.size === 0) return null;
  const groups = [...began].sort(([, a], [, b]) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  return (
    <ul class="since" aria-label="When the drift began">
      {groups.slice(0, groupsShown).map(([words, group]) => (
        <li key={words}>
          <b>
            <Text value={words.charAt(0).toUpperCase() + words.slice(1)} limit={80} />
          </b>
          :{' '}
          {group.entries.slice(0, namesShown).map((entry, i) => (
            <span key={entry.index}>
              {i > 0 && ', '}
              <a class="text" href={entry.href}>
                <bdi>{entry.name}</bdi>
              </a>
            </span>
          ))}
          {group.entries.length > namesShown &&
            ` and ${formatQuantity(group.entries.length - namesShown, 'more column')}`}
        </li>
      ))}
      {groups.length > groupsShown && <li>and {formatQuantity(groups.length - groupsShown, 'later beginning')}</li>}
    </ul>
  );
}

const groupsShown = 6;
const namesShown = 12;

function facts(time: TimeReport): (Fact | null)[] {
  const moment = (iso: string | null) => iso && shownMoment(iso, time.zone);
  const unjudged = time.windows.filter(({ judged }) => !judged).length;
  return [
    time.column === null ? null : ['timestamp', <Text key="column" value={time.column} limit={80} />],
    time.oldest === null ? null : ['oldest row', moment(time.oldest)],
    time.newest === null ? null : ['newest row', moment(time.newest)],
    time.column === null ? null : ['days of', <Text key="zone" value={time.zone} limit={60} />],
    time.windows.length === 0
      ? ['windows', 'the batch was not cut']
      : [
          'windows',
          `${formatCount(time.windows.length)}${unjudged === 0 ? '' : `, ${formatCount(unjudged)} of them with too few rows to be judged`}`,
        ],
    time.outsideRows === 0 ? null : ['in no window', formatQuantity(time.outsideRows, 'row')],
    time.column === null ? null : ['without a time', formatQuantity(time.missingRows, 'row')],
    time.column === null ? null : ['dated after the run', formatQuantity(time.futureRows, 'row')],
    time.column === null ? null : ['earlier than the row before', outOfOrder(time)],
  ];
}

function Gaps({ time }: { time: TimeReport }) {
  if (time.column === null) return null;
  if (time.gaps.length === 0) return <p class="small">No stretch without a row is longer than chance explains.</p>;
  return (
    <>
      <h3>Stretches without a row</h3>
      <ul>
        {time.gaps.map(({ from, to }) => (
          <li key={from}>
            {shownMoment(from, time.zone)} to {shownMoment(to, time.zone)}{' '}
            <span class="small">({formatSeconds((Date.parse(to) - Date.parse(from)) / 1000)})</span>
          </li>
        ))}
      </ul>
    </>
  );
}
