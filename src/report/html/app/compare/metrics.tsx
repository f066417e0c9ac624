import type { PairedMetric, PairedMetricId, PairedReport } from '../../../../model/compare.ts';
import { metricTitle } from '../../../../model/outcomes.ts';
import { formatPValue, formatQuantity, formatShare } from '../../../numbers.ts';
import { log10FromNatural } from '../../../words.ts';
import { levelMarks } from '../charts/heat-map.tsx';
import { WorseScale } from '../charts/worse-scale.tsx';
import { metricFormat, metricName } from '../outcomes/metrics.ts';
import { Mark } from '../parts/mark.tsx';
import { Num, signed } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName } from '../parts/sides.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import type { CompareProps } from './page.tsx';

/** How right each is on the requests of both whose outcome is known. */
export function Metrics({ report: { paired } }: CompareProps) {
  const { labels, metrics, untold } = paired!;
  if (labels === null) return <p class="none">No request of both has a label.</p>;
  return (
    <>
      <p class="note">
        {formatQuantity(labels.rows, 'request')} of both {labels.rows === 1 ? 'has' : 'have'} a label (
        <Text value={labels.column} limit={80} />
        ). Each was answered by both, so the tests are of differences request by request.
      </p>
      {metrics.length > 0 && <Table metrics={metrics} />}
      {untold.length > 0 && <Untold untold={untold} />}
    </>
  );
}

const tests: Readonly<Partial<Record<PairedMetricId, string>>> = { accuracy: 'McNemar', 'roc-auc': 'DeLong' };
const higherIsBetter: ReadonlySet<PairedMetricId> = new Set<PairedMetricId>(['accuracy', 'roc-auc']);

function Table({ metrics }: { metrics: readonly PairedMetric[] }) {
  return (
    <>
      <Scroll label="Metrics on the same requests">
        <table class="numbers outcomes versus">
          <thead>
            <tr>
              <th scope="col">metric</th>
              <th scope="col" class="key reference">
                <SideName of="reference" />
              </th>
              <th scope="col" class="key current">
                <SideName of="current" />
              </th>
              <th scope="col">difference</th>
              <th scope="col">p of no difference</th>
              <th scope="col" class="judgement">
                by how much the challenger is worse
              </th>
            </tr>
          </thead>
          <tbody>
            {metrics.map((metric) => (
              <Row key={metric.id} metric={metric} />
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="note">
        The scale runs from twice the fail tolerance better to twice the fail tolerance worse: the mark is the
        challenger’s number against the champion’s, the bar its interval, the lines are none, the warn and the fail
        tolerance.
      </p>
    </>
  );
}

function Row({ metric }: { metric: PairedMetric }) {
  const { id, rows, champion, challenger, difference, differenceInterval, better, rejected, logPNoDifference } = metric;
  const format = metricFormat(id);
  const direction = higherIsBetter.has(id) ? 'higher is better' : 'lower is better';
  return (
    <tr>
      <th scope="row">
        {rejected && <Mark level={rejected} />}
        {metricName({ id, className: null })}
        <span class="small direction" title={direction}>
          {' '}
          <span aria-hidden="true">{higherIsBetter.has(id) ? '↑' : '↓'}</span>
          <span class="hidden">{direction}</span>
        </span>
        <span class="small interval-words">{formatQuantity(rows, 'request')}</span>
      </th>
      <Value value={champion} format={format} best={better === 'champion'} />
      <Value value={challenger} format={format} best={better === 'challenger'} />
      <td>
        <Num value={difference} format={signed(format)} />
        {differenceInterval && (
          <span class="small interval-words">
            {differenceInterval.map((bound) => signed(format)(bound)).join(' to ')}
          </span>
        )}
      </td>
      <td>
        {formatPValue(log10FromNatural(logPNoDifference)).replace(/^= /, '')}
        <span class="small interval-words">{tests[id] ?? 'paired t'}</span>
      </td>
      <td class="judgement">
        <Worse metric={metric} />
      </td>
    </tr>
  );
}

function Value({ value, format, best }: { value: number; format: (value: number) => string; best: boolean }) {
  return (
    <td>
      {best ? (
        <b>
          <Num value={value} format={format} />
        </b>
      ) : (
        <Num value={value} format={format} />
      )}
      {best && <span class="small interval-words">better</span>}
    </td>
  );
}

/** What the verdict said of a metric; nothing is compared here. */
function Worse({ metric: { worse, interval, tolerated, rejected, logPWarn, logPFail } }: { metric: PairedMetric }) {
  const p = formatPValue(log10FromNatural(rejected === 'fail' ? logPFail : logPWarn)).replace(/^= /, '');
  return (
    <>
      {worse !== null && <WorseScale value={worse} interval={interval} {...tolerated} />}
      <p>
        {rejected === null ? (
          `not proven worse by ${formatShare(tolerated.warn)}`
        ) : (
          <b class={`rejected ${rejected}`}>
            <span aria-hidden="true">{levelMarks[rejected]}</span> worse by more than {formatShare(tolerated[rejected])}
          </b>
        )}{' '}
        <span class="small">
          {worse === null ? 'the champion’s is 0' : amount(worse)}
          {interval &&
            ` (${(worse !== null && worse < 0 ? [-interval[1], -interval[0]] : interval).map(share).join(' to ')})`}
          {`, p\u00a0${p}`}
        </span>
      </p>
    </>
  );
}

function amount(worse: number): string {
  return worse > 0 ? `${formatShare(worse)} worse` : worse < 0 ? `${formatShare(-worse)} better` : 'the same';
}

function share(value: number): string {
  return formatShare(value).replace('-', '−');
}

/** Metrics that share a reason are told together. */
function Untold({ untold }: Pick<PairedReport, 'untold'>) {
  const reasons = [...new Set(untold.map(({ reason }) => reason))];
  return (
    <ul class="untold small">
      {reasons.map((reason) => {
        const ids = untold
          .filter((one) => one.reason === reason)
          .map(({ id }, i) => (i === 0 ? metricName({ id, className: null }) : metricTitle(id)));
        return (
          <li key={reason}>
            {ids.length === 1 ? `${ids[0]} is` : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)} are`} not told:{' '}
            <Sentence>{reason}</Sentence>
          </li>
        );
      })}
    </ul>
  );
}
