import type { Report, ReportColumn } from '../../../../model/report.ts';
import { formatDistance, formatShare } from '../../../numbers.ts';
import { shownWindows } from '../../../windows.ts';
import { driftedPart } from '../../../words.ts';
import { SeriesChart } from '../charts/series.tsx';

interface ByWindowProps {
  readonly report: Report;
  readonly column: ReportColumn;
  readonly printing: boolean;
}

/** How the column went on through the batch, and since when it is another. */
export function ByWindow({ report: { time }, column, printing }: ByWindowProps) {
  const { windows, gating } = column;
  if (!time || !windows || time.windows.length < 2) return null;
  const shown = shownWindows(time.windows, time.zone);
  const moved = windows.phiSquared.some((value) => value !== null);
  const missing = windows.missing.some((share) => share !== null && share > 0);
  if (!moved && !missing) return null;
  const part = driftedPart(column.findings);
  return (
    <>
      <h4>By window of the batch</h4>
      {part && (
        <p>
          <b>{`${part[0]!.toUpperCase()}${part.slice(1)}`}</b>{' '}
          <span class="small">the evidence is strongest in this part of the batch.</span>
        </p>
      )}
      {moved && (
        <SeriesChart
          label="φ² by window"
          windows={shown}
          series={[{ name: 'φ²', form: 'current', values: windows.phiSquared, levels: windows.beyond }]}
          levels={
            gating === null
              ? []
              : [
                  { name: 'warn tolerance', value: gating.tolerance.warn.phiSquared, form: 'warn' },
                  { name: 'fail tolerance', value: gating.tolerance.fail.phiSquared, form: 'fail' },
                ]
          }
          format={formatDistance}
          fromZero
          printing={printing}
        />
      )}
      {missing && (
        <SeriesChart
          label="Missing share by window"
          windows={shown}
          series={[{ name: 'missing', form: 'current', values: windows.missing }]}
          format={formatShare}
          fromZero
          printing={printing}
        />
      )}
    </>
  );
}
