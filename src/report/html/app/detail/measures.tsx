import type { ReportColumn, ReportedMeasure } from '../../../../model/report.ts';
import { gateOf } from '../../../gate.ts';
import { formatNumber, formatPoints, formatPValue } from '../../../numbers.ts';
import { log10FromNatural, measureTitle, ruleWords } from '../../../words.ts';
import { Num } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Text } from '../parts/text.tsx';

/** Details that stand in a column of their own, or that the reader of the page has no use for. */
const toldElsewhere = new Set(['current', 'smoothing', 'base', 'form']);

/** Every measure: the two that are gated with their tolerances first, then those that are shown. */
export function Measures({ column }: { column: ReportColumn }) {
  const { gating, measures } = column;
  if (gating === null && measures.length === 0) return null;
  const gate = gating && gateOf(gating);
  const change = gate?.own === null ? gating!.largestCellChange : null;
  return (
    <>
      <h4>Measures</h4>
      <Scroll label="Measures">
        <table class="numbers">
          <thead>
            <tr>
              <td />
              <th scope="col">value</th>
              <th scope="col">threshold</th>
              <th scope="col">current is</th>
              <th
                scope="col"
                title="p-value of no difference at all; at production sizes it is small for harmless changes"
              >
                p
              </th>
            </tr>
          </thead>
          <tbody>
            {gating && gate && (
              <tr>
                <th scope="row">
                  {gate.title} <span class="tag">gated</span>
                  {gate.own === null && <span class="small"> over {gating.cells} cells</span>}
                </th>
                <td>
                  <Num value={gate.value} format={gate.format} />
                </td>
                <td>
                  &gt; {formatNumber(gate.warn)}, {formatNumber(gate.fail)}
                </td>
                <td>–</td>
                <td>
                  <TestP column={column} />
                </td>
              </tr>
            )}
            {gating && change && (
              <tr>
                <th scope="row">
                  Largest cell change <span class="tag">gated</span>
                  <span class="small">
                    {' '}
                    <Text value={change.cell} limit={40} />
                  </span>
                </th>
                <td>
                  <Num value={change.current - change.reference} format={points} />
                </td>
                <td>
                  &gt; {formatNumber(gating.tolerance.warn.cellChange * 100)},{' '}
                  {formatNumber(gating.tolerance.fail.cellChange * 100)} pts
                </td>
                <td>
                  {change.current > change.reference ? 'more' : change.current < change.reference ? 'less' : 'same'}
                </td>
                <td>
                  <TestP column={column} />
                </td>
              </tr>
            )}
            {measures.map((measure) => (
              <MeasureRow key={measure.id} measure={measure} />
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="small">
        Gated: a threshold for warn and one for fail, p of “at most the warn threshold” for both together. The others
        are shown and never gated; their p asks for any difference at all, which many rows always find.
      </p>
    </>
  );
}

function points(value: number): string {
  return formatPoints(value)
    .replace(/ points?$/, ' pts')
    .replace('-', '−');
}

function TestP({ column }: { column: ReportColumn }) {
  const log = column.tests.find((test) => test.rule === 'drift')?.logPWarn;
  return log === undefined || log === null ? <>–</> : <PValue log10={log10FromNatural(log)} />;
}

function PValue({ log10 }: { log10: number }) {
  return <span title={`log10 p = ${log10.toFixed(3)}`}>{formatPValue(log10).replace(/^= /, '')}</span>;
}

function MeasureRow({ measure }: { measure: ReportedMeasure }) {
  const detail = Object.entries(measure.detail ?? {}).filter(([name]) => !toldElsewhere.has(name));
  const remarks = detail.map(
    ([name, value]) =>
      `${name.replace(/[A-Z]/g, (letter, at: number) => (at === 0 ? letter : ` ${letter.toLowerCase()}`))} ${typeof value === 'number' ? formatNumber(value) : value}`,
  );
  const base = measure.detail?.base;
  if (base !== undefined) remarks.unshift(`base ${base}, ${measure.detail?.form ?? ''}`);
  if (measure.interval && !measure.exact) {
    remarks.push(`surely ${measure.interval.map((bound) => formatNumber(bound)).join(' to ')}`);
  }
  return (
    <tr>
      <th scope="row">
        {measureTitle(measure.id)}
        {remarks.length > 0 && (
          <span class="small">
            {' '}
            <Text value={remarks.join(', ')} limit={160} />
          </span>
        )}
      </th>
      <td>
        <Num value={measure.statistic} />
      </td>
      <td class="none">–</td>
      <td>{String(measure.detail?.current ?? '–')}</td>
      <td>{measure.log10PValue === null ? '–' : <PValue log10={measure.log10PValue} />}</td>
    </tr>
  );
}

/** What the verdict rests on. */
export function Tests({ column: { tests } }: { column: ReportColumn }) {
  if (tests.length === 0) return null;
  const p = (log: number | null) => (log === null ? '–' : <PValue log10={log10FromNatural(log)} />);
  return (
    <>
      <h4>Tests</h4>
      <table class="numbers tests">
        <thead>
          <tr>
            <td />
            <th scope="col">p at warn</th>
            <th scope="col">p at fail</th>
            <th scope="col">exceeded</th>
          </tr>
        </thead>
        <tbody>
          {tests.map((test) => (
            <tr key={test.rule}>
              <th scope="row">{ruleWords[test.rule] ?? test.rule}</th>
              <td>{p(test.logPWarn)}</td>
              <td>{p(test.logPFail)}</td>
              <td>{test.rejected ?? 'no'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
