import { useState } from 'preact/hooks';
import type { JudgedMetric, OutcomesReport, ReportedMetric } from '../../../../model/outcomes.ts';
import { formatCount, formatPValue, formatShare } from '../../../numbers.ts';
import type { ShownWindow } from '../../../windows.ts';
import { log10FromNatural } from '../../../words.ts';
import { levelMarks } from '../charts/heat-map.tsx';
import { Mark } from '../parts/mark.tsx';
import { Num, signed } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName } from '../parts/sides.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import { metricFormat, metricKey, metricName } from './metrics.ts';

interface MetricsTableProps {
  readonly outcomes: OutcomesReport;
  readonly windows: readonly ShownWindow[];
  readonly printing: boolean;
}

const shownAtFirst = 8;

interface Line {
  readonly metric: Pick<ReportedMetric, 'id' | 'className' | 'direction'> & { readonly probability: number | null };
  readonly before: ReportedMetric | undefined;
  readonly now: ReportedMetric | undefined;
  readonly estimated:
    | { readonly value: number | null; readonly interval: readonly [number, number] | null }
    | undefined;
  readonly judged: readonly JudgedMetric[];
}

/** Every metric then and now; those that are judged come first. */
export function MetricsTable({ outcomes, windows, printing }: MetricsTableProps) {
  const [all, setAll] = useState(false);
  const lines = linesOf(outcomes);
  const shown = all || printing ? lines : lines.slice(0, shownAtFirst);
  const estimates = lines.some(({ estimated }) => estimated !== undefined);
  return (
    <>
      <Scroll label="Performance metrics">
        <table class="numbers outcomes">
          <thead>
            <tr>
              <th scope="col">metric</th>
              <th scope="col" class="key reference">
                <SideName of="reference" />
              </th>
              <th scope="col" class="key current">
                <SideName of="current" />
              </th>
              <th scope="col">change</th>
              {estimates && <th scope="col">estimated</th>}
              <th scope="col" class="judgement">
                against the baseline
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <MetricRow key={metricKey(line.metric)} line={line} windows={windows} estimates={estimates} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown.length < lines.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(lines.length)} metrics
        </button>
      )}
    </>
  );
}

function linesOf({ reference, current, estimate, judged }: OutcomesReport): Line[] {
  const lines = new Map<string, Line['metric']>();
  const of = (metrics: readonly ReportedMetric[] | undefined) =>
    new Map(metrics?.map((metric) => [metricKey(metric), metric] as const));
  const [before, now] = [of(reference?.metrics), of(current?.metrics)];
  const estimated = new Map(estimate?.metrics.map((metric) => [metricKey(metric), metric] as const));
  for (const metric of judged) {
    const known = now.get(metricKey(metric)) ?? before.get(metricKey(metric)) ?? estimated.get(metricKey(metric));
    lines.set(metricKey(metric), {
      id: metric.id,
      className: metric.className,
      probability: null,
      direction: known?.direction ?? null,
    });
  }
  // about all classes first, then class by class
  for (const aboutAll of [true, false]) {
    for (const [key, metric] of [...now, ...before]) {
      if ((metric.className === null) === aboutAll && !lines.has(key)) lines.set(key, metric);
    }
  }
  for (const [key, metric] of estimated) if (!lines.has(key)) lines.set(key, { ...metric, probability: null });
  return [...lines].map(([key, metric]) => ({
    metric,
    before: before.get(key),
    now: now.get(key),
    estimated: estimated.get(key),
    judged: judged.filter((one) => metricKey(one) === key),
  }));
}

function MetricRow({
  line: { metric, before, now, estimated, judged },
  windows,
  estimates,
}: {
  line: Line;
  windows: readonly ShownWindow[];
  estimates: boolean;
}) {
  const format = metricFormat(metric.id);
  const configured = judged.find(({ baselineFrom }) => baselineFrom === 'config');
  const baseline = configured?.baseline ?? before?.value ?? null;
  const value = now?.value ?? null;
  const better =
    metric.direction === 'higher' ? 'higher is better' : metric.direction === 'lower' ? 'lower is better' : '';
  const rejected = judged.find((one) => one.rejected !== null)?.rejected;
  const why = now?.reason ?? before?.reason ?? null;
  return (
    <tr>
      <th scope="row">
        {rejected && <Mark level={rejected} />}
        <Text value={metricName(metric)} limit={100} />
        {judged.length > 0 && <span class="tag">gated</span>}
        {better !== '' && (
          <span class="small direction" title={better}>
            {' '}
            <span aria-hidden="true">{metric.direction === 'higher' ? '↑' : '↓'}</span>
            <span class="hidden">{better}</span>
          </span>
        )}
        {value === null && why !== null && (
          <span class="small">
            {' '}
            <Text value={why} limit={160} />
          </span>
        )}
      </th>
      <td>
        <Num value={baseline} format={format} />
        {configured && <span class="tag">set</span>}
        {!configured && <Interval of={before?.interval} format={format} />}
      </td>
      <td>
        <b>
          <Num value={value} format={format} />
        </b>
        <Interval of={now?.interval} format={format} />
      </td>
      <td>{baseline === null || value === null ? '–' : <Num value={value - baseline} format={signed(format)} />}</td>
      {estimates && (
        <td>
          <Num value={estimated?.value} format={format} />
          <Interval of={estimated?.interval} format={format} />
        </td>
      )}
      <td class="judgement">
        {judged.length === 0
          ? '–'
          : judged.map((one) => (
              <Judgement key={one.from} judged={one} several={judged.length > 1} windows={windows} />
            ))}
      </td>
    </tr>
  );
}

function Interval({
  of,
  format,
}: {
  of: readonly [number, number] | null | undefined;
  format: (value: number) => string;
}) {
  if (!of) return null;
  const [low, high] = of.map((bound) => format(bound).replace(/^-/, '−'));
  return (
    <span class="small interval-words">
      {low} to {high}
    </span>
  );
}

/** What the verdict said of a metric; nothing is compared here. */
function Judgement({
  judged,
  several,
  windows,
}: {
  judged: JudgedMetric;
  several: boolean;
  windows: readonly ShownWindow[];
}) {
  const { from, relative, tolerated, rejected, reason, window, logPFail, logPWarn } = judged;
  const estimated = from === 'estimate' ? 'estimated: ' : several ? 'on labels: ' : '';
  if (reason !== null) {
    return (
      <p class="small">
        {estimated}not tested: <Sentence>{reason}</Sentence>
      </p>
    );
  }
  const worse =
    relative === null ? '' : relative >= 0 ? `${formatShare(relative)} worse` : `${formatShare(-relative)} better`;
  const log = rejected === 'fail' ? logPFail : logPWarn;
  const p = log === null ? '' : `p ${formatPValue(log10FromNatural(log)).replace(/^= /, '')}`;
  const said =
    rejected === null
      ? `not proven worse by ${formatShare(tolerated.warn)}`
      : `worse by more than ${formatShare(tolerated[rejected])}`;
  return (
    <p>
      {estimated}
      {rejected === null ? (
        said
      ) : (
        <b class={`rejected ${rejected}`}>
          <span aria-hidden="true">{levelMarks[rejected]}</span> {said}
        </b>
      )}{' '}
      <span class="small">
        {[window === null ? worse : '', p].filter(Boolean).join(', ')}
        {window !== null && windows[window] && ` in the window ${windows[window].name}`}
      </span>
    </p>
  );
}
