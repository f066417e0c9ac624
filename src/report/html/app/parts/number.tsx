import { formatCount, formatInstant, formatNumber, formatShare } from '../../../numbers.ts';

export type NumberFormat = (value: number) => string;

/** A number for people; the exact one where it was rounded, when pointed at. */
export function Num({ value, format = formatNumber }: { value: number | null | undefined; format?: NumberFormat }) {
  if (value === null || value === undefined) return <span class="none">–</span>;
  const shown = format(value).replace(/^-/, '−');
  const exact = String(value);
  if (shown.replaceAll(',', '').replace('−', '-') === exact) return <>{shown}</>;
  return (
    <data value={exact} title={exact}>
      {shown}
    </data>
  );
}

/** A share of rows, with the rows themselves when pointed at. */
export function Share({ rows, of }: { rows: number; of: number }) {
  return (
    <data value={of > 0 ? rows / of : 0} title={`${formatCount(rows)} of ${formatCount(of)} rows`}>
      {formatShare(of > 0 ? rows / of : 0)}
    </data>
  );
}

/** How the values of one column are written. */
export function valueFormat(kind: string): NumberFormat {
  return kind === 'datetime' ? formatInstant : (value) => formatNumber(value);
}

/** A span between two values of one column: for moments in its largest unit. */
export function differenceFormat(kind: string): NumberFormat {
  return kind === 'datetime' ? formatSeconds : (value) => formatNumber(value, 3);
}

/** A span of time in its largest unit. */
export function formatSeconds(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) return `${formatNumber(seconds / size, 3)} ${unit}`;
  }
  return `${formatNumber(seconds, 3)} s`;
}

/** +1.2, −3: a difference with its sign. */
export function signed(format: NumberFormat): NumberFormat {
  return (value) => (value > 0 ? `+${format(value)}` : value < 0 ? `−${format(-value)}` : '0');
}
