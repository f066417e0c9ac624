import type { ComponentChildren } from 'preact';
import type { ColumnProfile, NumericProfile, QuantileName } from '../../../../model/profile.ts';
import type { ReportColumn } from '../../../../model/report.ts';
import { formatCount, formatNumber, formatPoints } from '../../../numbers.ts';
import { differenceFormat, Num, type NumberFormat, Share, signed, valueFormat } from '../parts/number.tsx';
import { SideName } from '../parts/sides.tsx';
import { Text } from '../parts/text.tsx';

const quantileWords = {
  q01: '1st percentile',
  q05: '5th percentile',
  q25: '25th percentile',
  q50: 'median',
  q75: '75th percentile',
  q95: '95th percentile',
  q99: '99th percentile',
} satisfies Record<QuantileName, string>;

/** Both profiles side by side, with what changed; rows that are 0 or absent on both sides are left out. */
export function Statistics({ column }: { column: ReportColumn }) {
  const { reference, current, kind } = column;
  const format = valueFormat(kind);
  const difference = differenceFormat(kind);
  if (reference === null && current === null) return null;

  const row = (name: string, then: ComponentChildren, now: ComponentChildren, change: ComponentChildren = null) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td>{then}</td>
      <td>{now}</td>
      <td>{change}</td>
    </tr>
  );
  /** a number of rows, as a share of all */
  const counted = (name: string, of: (profile: ColumnProfile) => number) => {
    const then = reference && of(reference);
    const now = current && of(current);
    if (!then && !now) return null;
    const share = (rows: number | null, profile: ColumnProfile | null) =>
      rows === null || profile === null ? '–' : <Share rows={rows} of={profile.rows} />;
    const change =
      reference && current && reference.rows > 0 && current.rows > 0
        ? formatPoints(now! / current.rows - then! / reference.rows)
            .replace(/ points?$/, ' pts')
            .replace('-', '−')
        : null;
    return row(name, share(then, reference), share(now, current), change);
  };
  const measured = (
    name: string,
    of: (numbers: NumericProfile) => number | null,
    written: NumberFormat = format,
    changed: NumberFormat = difference,
  ) => {
    const then = reference?.numbers ? of(reference.numbers) : null;
    const now = current?.numbers ? of(current.numbers) : null;
    if (then === null && now === null) return null;
    return row(
      name,
      <Num value={then} format={written} />,
      <Num value={now} format={written} />,
      then === null || now === null ? null : (
        <Num value={Number((now - then).toPrecision(12))} format={signed(changed)} />
      ),
    );
  };
  const distinct = (profile: ColumnProfile | null) =>
    profile?.distinct ? `${profile.distinct.exact ? '' : '≈ '}${formatCount(profile.distinct.value)}` : '–';
  const mode = (profile: ColumnProfile | null) =>
    profile?.mode ? <Text value={profile.mode.value} limit={24} /> : '–';
  const quantiles = Object.keys(quantileWords) as QuantileName[];
  return (
    <>
      <h4>Statistics{kind === 'text' && ' of lengths in characters'}</h4>
      <table class="numbers">
        <thead>
          <tr>
            <td />
            <th scope="col" class="key reference">
              <SideName of="reference" />
            </th>
            <th scope="col" class="key current">
              <SideName of="current" />
            </th>
            <th scope="col">difference</th>
          </tr>
        </thead>
        <tbody>
          {row('rows', reference ? formatCount(reference.rows) : '–', current ? formatCount(current.rows) : '–')}
          {counted('nulls', (profile) => profile.nulls)}
          {counted('NaN', (profile) => profile.nan)}
          {counted('+∞', (profile) => profile.positiveInfinity)}
          {counted('−∞', (profile) => profile.negativeInfinity)}
          {counted('unreadable', (profile) => profile.castFailures)}
          {(reference?.distinct || current?.distinct) &&
            row(
              'distinct values',
              distinct(reference),
              distinct(current),
              reference?.distinct && current?.distinct
                ? signed(formatCount)(current.distinct.value - reference.distinct.value)
                : null,
            )}
          {(reference?.mode || current?.mode) && row('most frequent', mode(reference), mode(current))}
          {measured('mean', (numbers) => numbers.mean)}
          {measured('standard deviation', (numbers) => numbers.std, difference)}
          {measured('minimum', (numbers) => numbers.min)}
          {quantiles.map((name) => measured(quantileWords[name], (numbers) => numbers.quantiles[name]))}
          {measured('maximum', (numbers) => numbers.max)}
          {measured('skewness', (numbers) => numbers.skewness, formatNumber, formatNumber)}
          {measured('excess kurtosis', (numbers) => numbers.kurtosis, formatNumber, formatNumber)}
          {(reference?.numbers?.zeros || current?.numbers?.zeros) && kind === 'numeric'
            ? counted('zeros', (profile) => profile.numbers?.zeros ?? 0)
            : null}
        </tbody>
      </table>
    </>
  );
}
