import { useState } from 'preact/hooks';
import type { OutcomesReport, OutcomeWindow, SeriesMetric } from '../../../../model/outcomes.ts';
import { formatCount } from '../../../numbers.ts';
import type { ShownWindow } from '../../../windows.ts';
import { SeriesChart } from '../charts/series.tsx';
import { Text } from '../parts/text.tsx';
import { metricFormat, metricKey, metricName } from './metrics.ts';

interface MetricSeriesProps {
  readonly outcomes: OutcomesReport;
  readonly windows: readonly ShownWindow[];
  readonly printing: boolean;
}

const shownAtFirst = 4;

/** How each metric went on, as the labels say and as it was estimated without them, against its baseline. */
export function MetricSeries({ outcomes, windows, printing }: MetricSeriesProps) {
  const [all, setAll] = useState(false);
  const metrics = metricsOf(outcomes);
  if (windows.length < 2 || metrics.length === 0) return null;
  const shown = all || printing ? metrics : metrics.slice(0, shownAtFirst);
  const refused = outcomes.windows.filter(({ refused }) => refused !== null).length;
  const labelled = outcomes.windows.map((window) => window.labelled);
  return (
    <>
      <h3>By window</h3>
      <div class="cards wide">
        {shown.map((metric) => {
          const key = metricKey(metric);
          const values = (of: (window: OutcomeWindow) => readonly SeriesMetric[]) =>
            outcomes.windows.map((window) => of(window).find((one) => metricKey(one) === key));
          const baseline =
            outcomes.judged.find((one) => metricKey(one) === key)?.baseline ??
            outcomes.reference?.metrics.find((one) => metricKey(one) === key)?.value ??
            null;
          const series = [
            { name: 'on labels', form: 'current' as const, found: values((window) => window.realised) },
            { name: 'estimated', form: 'estimate' as const, found: values((window) => window.estimated) },
          ].flatMap(({ name, form, found }) =>
            found.some((one) => one !== undefined && one.value !== null)
              ? [
                  {
                    name,
                    form,
                    values: found.map((one) => one?.value ?? null),
                    intervals: found.map((one) => one?.interval ?? null),
                  },
                ]
              : [],
          );
          return (
            <figure key={key} class="series-card">
              <h4>
                <Text value={metricName(metric)} limit={90} />
              </h4>
              <SeriesChart
                label={`${metricName(metric)} by window`}
                windows={windows}
                series={series}
                levels={baseline === null ? [] : [{ name: 'baseline', value: baseline, form: 'reference' }]}
                format={metricFormat(metric.id)}
                rows={labelled}
                printing={printing}
              />
            </figure>
          );
        })}
      </div>
      {refused > 0 && (
        <p class="small">
          No estimate for {formatCount(refused)} of {formatCount(outcomes.windows.length)} windows:{' '}
          <Text value={outcomes.windows.find((window) => window.refused !== null)!.refused!} limit={200} />
        </p>
      )}
      {shown.length < metrics.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(metrics.length)} metrics by window
        </button>
      )}
    </>
  );
}

/** Those that have a value in some window; judged ones first. */
function metricsOf({ windows, judged }: OutcomesReport): SeriesMetric[] {
  const found = new Map<string, SeriesMetric>();
  for (const { realised, estimated } of windows) {
    for (const metric of [...realised, ...estimated]) {
      if (metric.value !== null && !found.has(metricKey(metric))) found.set(metricKey(metric), metric);
    }
  }
  const gated = new Set(judged.map(metricKey));
  return [...found].sort(([a], [b]) => Number(gated.has(b)) - Number(gated.has(a))).map(([, metric]) => metric);
}
