import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PredictionReport, PredictionSeries } from '../../../../model/predictions.ts';
import { formatCount, formatNumber, formatShare } from '../../../numbers.ts';
import { type ShownWindow, shownWindows } from '../../../windows.ts';
import { type Level, type Series, SeriesChart } from '../charts/series.tsx';
import type { NumberFormat } from '../parts/number.tsx';
import { Text } from '../parts/text.tsx';

interface ByWindowProps {
  readonly predictions: PredictionReport;
  /** whose days the windows are */
  readonly zone: string | undefined;
  readonly printing: boolean;
}

interface Drawn {
  readonly title: ComponentChildren;
  readonly label: string;
  readonly series: Series;
  readonly levels: readonly Level[];
  readonly format: NumberFormat;
  readonly rows?: readonly number[];
  /** a share, whose axis starts at nothing */
  readonly fromZero?: boolean;
}

const shownAtFirst = 4;

/** How the predictions went on: how sure, and what they say, against the reference. */
export function PredictionsByWindow({ predictions, zone, printing }: ByWindowProps) {
  const [all, setAll] = useState(false);
  const windows = useMemo(() => shownWindows(predictions.windows, zone), [predictions, zone]);
  const drawn = [...confidenceCharts(predictions), ...predictions.series.flatMap(seriesChart(predictions))];
  if (windows.length < 2 || drawn.length === 0) return null;
  const shown = all || printing ? drawn : drawn.slice(0, shownAtFirst);
  return (
    <>
      <h3>By window</h3>
      <Standing predictions={predictions} windows={windows} />
      <div class="cards wide">
        {shown.map(({ title, label, series, levels, format, rows, fromZero = false }, i) => (
          <figure key={i} class="series-card">
            <h4>{title}</h4>
            <SeriesChart
              label={label}
              windows={windows}
              series={[series]}
              levels={levels}
              format={format}
              fromZero={fromZero}
              printing={printing}
              {...(rows && { rows })}
            />
          </figure>
        ))}
      </div>
      {shown.length < drawn.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(drawn.length)} series by window
        </button>
      )}
    </>
  );
}

/** Since when, and which windows are only shown. */
function Standing({ predictions, windows }: { predictions: PredictionReport; windows: readonly ShownWindow[] }) {
  const { confidence } = predictions;
  if (confidence === null) return null;
  const own = predictions.windows.map((window) => window.confidence);
  const beyond = own.filter((window) => window?.beyond).length;
  const unasked = own.filter((window) => window !== null && !window.asked).length;
  const { since } = confidence;
  return (
    <p class="note">
      {since === null
        ? 'In no single window is the confidence proven to have fallen by more than is tolerated.'
        : `▲ In ${formatCount(beyond)} of ${formatCount(windows.length)} windows the confidence is proven to have fallen by more than is tolerated, first ${windows[since]?.during ?? ''}.`}
      {unasked > 0 &&
        ` ${formatCount(unasked)} of ${formatCount(windows.length)} are shown and do not decide: they have few rows, or a rhythm that the reference does not tell.`}
    </p>
  );
}

const three: NumberFormat = (value) => value.toFixed(3);

function confidenceCharts({ confidence, windows }: PredictionReport): Drawn[] {
  if (confidence === null) return [];
  const { reference, tolerated, threshold } = confidence;
  const own = windows.map((window) => window.confidence);
  const rows = own.map((window) => window?.rows ?? 0);
  return [
    {
      title: 'Mean confidence',
      label: 'Mean confidence by window',
      series: {
        name: 'current',
        form: 'current',
        values: own.map((window) => window?.mean ?? null),
        intervals: own.map((window) => window?.interval ?? null),
        levels: own.map((window) => (window?.beyond ? 'fail' : null)),
      },
      levels: [
        { name: 'reference', value: reference.mean, form: 'reference' },
        { name: 'tolerated', value: reference.mean * (1 - tolerated), form: 'fail' },
      ],
      format: three,
      rows,
    },
    {
      title: `Near the threshold ${formatNumber(threshold)}`,
      label: 'Share of rows near the threshold by window',
      series: {
        name: 'current',
        form: 'current',
        values: own.map((window) => window && window.nearThreshold / window.rows),
      },
      levels: [{ name: 'reference', value: reference.nearThreshold / reference.rows, form: 'reference' }],
      format: formatShare,
      rows,
      fromZero: true,
    },
  ];
}

function seriesChart({ series }: PredictionReport): (line: PredictionSeries) => Drawn[] {
  const shares = series.filter(({ form }) => form === 'share');
  return (line) => {
    // of two classes one tells of both
    if (shares.length === 2 && line === shares[0]) return [];
    const share = line.form === 'share';
    return [
      {
        title: (
          <>
            {share ? 'Predicted as ' : 'Mean of '}
            <Text value={line.class ?? line.column} limit={60} />
          </>
        ),
        label: share ? 'Share of a predicted class by window' : 'Mean by window',
        series: { name: 'current', form: 'current', values: line.windows },
        levels: line.reference === null ? [] : [{ name: 'reference', value: line.reference, form: 'reference' }],
        format: share ? formatShare : (value) => formatNumber(value),
        fromZero: share,
      },
    ];
  };
}
