import { useState } from 'preact/hooks';
import type { Distribution, ReportColumn } from '../../../../model/report.ts';
import { formatQuantity } from '../../../numbers.ts';
import { missingRows } from '../../../words.ts';
import { Intervals } from '../charts/intervals.tsx';
import { PairedBars, type PairedRow } from '../charts/paired-bars.tsx';
import { crowded, sharesOf } from '../charts/shares.ts';
import { Legend } from '../parts/badges.tsx';
import { Share, valueFormat } from '../parts/number.tsx';

interface FigureProps {
  readonly column: ReportColumn;
  readonly printing: boolean;
}

/** Both distributions over the same cells, as the column's kind asks for it. */
export function DistributionFigure({ column, printing }: FigureProps) {
  const { distribution } = column;
  return (
    <figure>
      <h4>
        Distribution{column.kind === 'text' && ' of lengths in characters'} <Legend />
      </h4>
      {distribution === null || distribution.reference.length === 0 ? (
        <p class="none">There is nothing to draw.</p>
      ) : distribution.edges === null ? (
        <Categories column={column} distribution={distribution} printing={printing} />
      ) : (
        <Ranges column={column} distribution={distribution} printing={printing} />
      )}
    </figure>
  );
}

/** Categories and rows without a value, by how much their share changed. */
function Categories({ column, distribution, printing }: FigureProps & { distribution: Distribution }) {
  const sum = (counts: readonly number[]) => counts.reduce((total, rows) => total + rows, 0);
  const missing = {
    reference: column.reference ? missingRows(column.reference) : 0,
    current: column.current ? missingRows(column.current) : 0,
  };
  const labels = distribution.labels!;
  const rows: PairedRow[] = labels.map((label, i) => {
    const [reference, current] = [distribution.reference[i] ?? 0, distribution.current[i] ?? 0];
    const others = i === labels.length - 1 && /^\(\d+ others\)$/.test(label);
    return {
      label: others ? `OTHER ${label}` : label,
      special: others,
      ...(reference === 0 && current > 0 ? { remark: 'UNSEEN' } : {}),
      ...(current === 0 && reference > 0 ? { remark: 'gone' } : {}),
      reference,
      current,
    };
  });
  if (missing.reference + missing.current > 0) rows.push({ label: 'null', special: true, ...missing });
  const of = {
    reference: sum(distribution.reference) + missing.reference,
    current: sum(distribution.current) + missing.current,
  };
  return <PairedBars head="category" rows={rows} of={of} order="change" printing={printing} />;
}

function Ranges({ column, distribution, printing }: FigureProps & { distribution: Distribution }) {
  const edges = distribution.edges!;
  const { tallest } = sharesOf(distribution);
  const [view, setView] = useState<'shares' | 'cumulative'>('shares');
  const [logarithmicShares, setLogarithmicShares] = useState(tallest > crowded && edges.length > 4);
  const [logarithmicValues, setLogarithmicValues] = useState(false);
  // cells that were chosen on such a scale are shown on it: on another one the wide would seem to weigh more than the narrow
  const spaced = distribution.logarithmicFrom ?? null;
  const canLogValues = spaced === null && column.kind !== 'datetime' && edges[0]! > 0 && edges.at(-1)! / edges[0]! > 20;
  const logarithmicFrom = spaced ?? (logarithmicValues ? 0 : null);
  const props = { column, distribution, logarithmicFrom, printing };
  const missing = [column.reference, column.current].some((side) => side !== null && missingRows(side) > 0);
  return (
    <>
      {!printing && (
        <div class="controls">
          <fieldset class="segments">
            <legend class="hidden">View</legend>
            <button type="button" aria-pressed={view === 'shares'} onClick={() => setView('shares')}>
              Shares
            </button>
            <button type="button" aria-pressed={view === 'cumulative'} onClick={() => setView('cumulative')}>
              Cumulative
            </button>
          </fieldset>
          {view === 'shares' && (
            <label>
              <input
                type="checkbox"
                checked={logarithmicShares}
                onChange={(event) => setLogarithmicShares(event.currentTarget.checked)}
              />{' '}
              log shares
            </label>
          )}
          {canLogValues && (
            <label>
              <input
                type="checkbox"
                checked={logarithmicValues}
                onChange={(event) => setLogarithmicValues(event.currentTarget.checked)}
              />{' '}
              log values
            </label>
          )}
        </div>
      )}
      {(printing || view === 'shares') && <Intervals {...props} view="shares" logarithmicShares={logarithmicShares} />}
      {(printing || view === 'cumulative') && <Intervals {...props} view="cumulative" logarithmicShares={false} />}
      <figcaption>
        Share of the rows with a value in {formatQuantity(edges.length - 1, 'cell')}{' '}
        {spaced === null ? 'of equal width' : 'spaced on a logarithmic scale'}; what lies beyond the ends counts in the
        outer cells.
        {(printing || view === 'shares') && ' Dashed lines are the medians.'}
        {missing && column.reference && column.current && (
          <>
            {' '}
            Without a value: <Share rows={missingRows(column.reference)} of={column.reference.rows} /> →{' '}
            <Share rows={missingRows(column.current)} of={column.current.rows} /> of rows.
          </>
        )}
      </figcaption>
      {!printing && <CellTable column={column} distribution={distribution} />}
    </>
  );
}

/** The drawing as numbers, drawn up when it is unfolded. */
function CellTable({ column, distribution }: { column: ReportColumn; distribution: Distribution }) {
  const [open, setOpen] = useState(false);
  const format = valueFormat(column.kind);
  const edges = distribution.edges!;
  const sum = (counts: readonly number[]) => counts.reduce((total, rows) => total + rows, 0);
  const rows = distribution.reference.map((reference, i) => ({
    label: `${format(edges[i]!)} to ${format(edges[i + 1]!)}`,
    reference,
    current: distribution.current[i] ?? 0,
  }));
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The drawing as a table</summary>
      {open && (
        <PairedBars
          head="values"
          rows={rows}
          of={{ reference: sum(distribution.reference), current: sum(distribution.current) }}
          order="given"
          printing={false}
        />
      )}
    </details>
  );
}
