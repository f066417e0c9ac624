import { useState } from 'preact/hooks';
import { formatCount, formatPoints, formatShare } from '../../../numbers.ts';
import { Share } from '../parts/number.tsx';
import { SideName } from '../parts/sides.tsx';
import { Text } from '../parts/text.tsx';

export interface PairedRow {
  readonly label: string;
  /** set for what is no value of the data, such as rows without one */
  readonly special?: boolean;
  readonly remark?: string;
  readonly reference: number;
  readonly current: number;
}

interface PairedBarsProps {
  readonly head: string;
  readonly rows: readonly PairedRow[];
  /** the rows of each side, of which the bars are shares */
  readonly of: { readonly reference: number; readonly current: number };
  /** ranges keep their order; categories are told by how much they changed */
  readonly order: 'given' | 'change';
  readonly printing: boolean;
}

const shownAtFirst = 15;

/** Both shares of each cell or category as bars, and as numbers beside them. */
export function PairedBars({ head, rows, of, order, printing }: PairedBarsProps) {
  const [all, setAll] = useState(false);
  const told = rows.map((row) => ({
    ...row,
    before: of.reference > 0 ? row.reference / of.reference : 0,
    now: of.current > 0 ? row.current / of.current : 0,
  }));
  if (order === 'change') told.sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  const tallest = Math.max(Number.MIN_VALUE, ...told.map((row) => Math.max(row.before, row.now)));
  const shown = all || printing || order === 'given' ? told : told.slice(0, shownAtFirst);
  const width = (share: number) => ({ width: `${((share / tallest) * 100).toFixed(2)}%` });
  return (
    <>
      <table class="numbers bars">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" class="key reference">
              <SideName of="reference" />
            </th>
            <th scope="col" class="key current">
              <SideName of="current" />
            </th>
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => (
            <tr key={i}>
              <th scope="row">
                {row.special ? <i>{row.label}</i> : <Text value={row.label} limit={60} />}
                {row.remark && <span class="tag">{row.remark}</span>}
                <span class="bar reference" style={width(row.before)} />
                <span class="bar current" style={width(row.now)} />
              </th>
              <td>
                <Share rows={row.reference} of={of.reference} />
              </td>
              <td>
                <Share rows={row.current} of={of.current} />
              </td>
              <td title={`${formatShare(row.before)} to ${formatShare(row.now)}`}>
                {formatPoints(row.now - row.before)
                  .replace(/ points?$/, '')
                  .replace('-', '−')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < told.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(told.length)}
        </button>
      )}
    </>
  );
}
