import { useMemo } from 'preact/hooks';
import type { OutcomesReport } from '../../../../model/outcomes.ts';
import type { Report } from '../../../../model/report.ts';
import { shownWindows } from '../../../windows.ts';
import { Calibration } from '../outcomes/calibration.tsx';
import { Confusion } from '../outcomes/confusion.tsx';
import { Estimate } from '../outcomes/estimate.tsx';
import { Labels } from '../outcomes/labels.tsx';
import { MetricSeries } from '../outcomes/metric-series.tsx';
import { MetricsTable } from '../outcomes/metrics-table.tsx';
import { Residuals } from '../outcomes/residuals.tsx';
import type { SectionProps } from '../page.tsx';

export function hasOutcomes({ outcomes }: Report): boolean {
  return outcomes !== undefined;
}

/** How right the model was where labels have arrived, and how right it probably is elsewhere. */
export function Outcomes({ report, entries, printing }: SectionProps) {
  return <OutcomesView outcomes={report.outcomes!} zone={report.time?.zone} entries={entries} printing={printing} />;
}

interface OutcomesViewProps extends Pick<SectionProps, 'entries' | 'printing'> {
  readonly outcomes: OutcomesReport;
  readonly zone: string | undefined;
}

export function OutcomesView({ outcomes, zone, entries, printing }: OutcomesViewProps) {
  const windows = useMemo(() => shownWindows(outcomes.windows, zone), [outcomes, zone]);
  const props = { outcomes, printing };
  return (
    <>
      <MetricsTable {...props} windows={windows} />
      <MetricSeries {...props} windows={windows} />
      <Confusion reference={outcomes.reference} current={outcomes.current} />
      <Calibration {...props} />
      <Residuals {...props} />
      <Estimate outcomes={outcomes} />
      <h3>Labels</h3>
      <Labels outcomes={outcomes} entries={entries} />
    </>
  );
}
