import type { TargetedPointerEvent } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../../../numbers.ts';
import type { ShownWindow } from '../../../windows.ts';
import type { NumberFormat } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Text } from '../parts/text.tsx';
import { Axes, type Axis, type Box, numberAxisOf } from './axes.tsx';
import { levelMarks } from './heat-map.tsx';
import { useWidth } from './width.ts';

/** What a line of the chart is: in colour, dashes and the form of its marks. */
export type SeriesForm = 'current' | 'estimate' | 'second' | 'third';

export interface Series {
  readonly name: string;
  readonly form: SeriesForm;
  readonly values: readonly (number | null)[];
  readonly intervals?: readonly (readonly [number, number] | null)[];
  readonly levels?: readonly ('fail' | 'warn' | null)[];
}

/** One number that all windows are held against. */
export interface Level {
  readonly name: string;
  readonly value: number;
  readonly form: 'reference' | 'warn' | 'fail' | SeriesForm;
}

interface SeriesChartProps {
  /** what is drawn, in words */
  readonly label: string;
  readonly windows: readonly ShownWindow[];
  readonly series: readonly Series[];
  readonly levels?: readonly Level[];
  readonly format: NumberFormat;
  /** the axis starts at nothing */
  readonly fromZero?: boolean;
  /** rows that a window's numbers are made of, where these are not all of its rows */
  readonly rows?: readonly number[];
  readonly printing: boolean;
}

const screenHeight = 190;
const paperHeight = 130;
/** More marks than this would touch each other. */
const mostMarks = 60;

/** Numbers by window of the batch, with their intervals, against what they are held to. */
export function SeriesChart(props: SeriesChartProps) {
  const { label, windows, series, levels = [], format, fromZero = false, printing } = props;
  const [ref, width] = useWidth(printing);
  const [pointed, setPointed] = useState<number | null>(null);
  const height = printing ? paperHeight : screenHeight;
  const box: Box = { left: 58, right: width - 8, top: 12, bottom: height - 24 };
  const y = numberAxisOf(domain(props, fromZero), [box.bottom, box.top], format);
  const step = (box.right - box.left) / Math.max(1, windows.length);
  const center = (i: number) => box.left + (i + 0.5) * step;
  const x = windowAxis(windows, center, box);
  const follow = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const at = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - box.left) / step);
    setPointed(at < 0 || at >= windows.length ? null : at);
  };
  return (
    <div ref={ref} class="chart series">
      <p class="keys" aria-hidden="true">
        {[...series, ...levels].map(({ name, form }, i) => (
          <span key={name} class={`line-key ${form} ${i < series.length ? '' : 'dashed'}`}>
            {name}
          </span>
        ))}
      </p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height={height}
        role="img"
        aria-label={`${label}, ${formatCount(windows.length)} windows. The numbers stand in the table below.`}
        onPointerMove={follow}
        onPointerLeave={() => setPointed(null)}
      >
        <Axes x={x} y={y} box={box} />
        {pointed !== null && (
          <rect class="pointed" x={box.left + pointed * step} width={step} y={box.top} height={box.bottom - box.top} />
        )}
        {levels.map(({ name, value, form }) => (
          <path key={name} class={`level-line ${form}`} d={`M${box.left} ${y.at(value).toFixed(1)}H${box.right}`} />
        ))}
        {series.map((line, i) => (
          <Line key={line.name} line={line} y={y} center={(at) => center(at) + aside(i, series.length, step)} />
        ))}
      </svg>
      <p class="readout" aria-hidden="true">
        {pointed !== null && (
          <>
            {windows[pointed]!.name}: {series.map((line) => `${line.name} ${cell(line, pointed, format)}`).join(', ')}
          </>
        )}
      </p>
      <Numbers {...props} />
    </div>
  );
}

/** Intervals of several lines stand beside each other, not on top of each other. */
function aside(i: number, lines: number, step: number): number {
  return lines < 2 ? 0 : (i - (lines - 1) / 2) * Math.min(5, step / (lines + 1));
}

function Line({ line, y, center }: { line: Series; y: Axis; center: (i: number) => number }) {
  const { form, values, intervals = [], levels = [] } = line;
  let path = '';
  let whiskers = '';
  values.forEach((value, i) => {
    if (value === null) return;
    const before = values[i - 1] ?? null;
    path += `${before === null ? 'M' : 'L'}${center(i).toFixed(1)} ${y.at(value).toFixed(1)}`;
    const interval = intervals[i];
    if (interval)
      whiskers += `M${center(i).toFixed(1)} ${y.at(interval[0]).toFixed(1)}V${y.at(interval[1]).toFixed(1)}`;
  });
  const crowded = values.length > mostMarks;
  return (
    <g class={`line ${form}`}>
      <path class="whiskers" d={whiskers} />
      <path class="curve" d={path} />
      {values.map((value, i) => {
        if (value === null) return null;
        const level = levels[i] ?? null;
        const alone = (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null;
        if (crowded && level === null && !alone) return null;
        return (
          <path
            key={i}
            class={`point ${level ?? ''}`}
            d={mark(center(i), y.at(value), level === null ? form : level)}
          />
        );
      })}
    </g>
  );
}

function mark(x: number, y: number, form: SeriesForm | 'warn' | 'fail'): string {
  const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
  if (form === 'warn' || form === 'fail') return `M${at}m0 -6l5.5 9.5h-11z`;
  if (form === 'estimate') return `M${at}m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z`;
  if (form === 'second') return `M${at}m-3 -3h6v6h-6z`;
  if (form === 'third') return `M${at}m-4 -3h8l-4 7z`;
  return `M${at}m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z`;
}

function domain({ series, levels = [] }: SeriesChartProps, fromZero: boolean): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { values, intervals = [] } of series) {
    values.forEach((value, i) => {
      if (value === null) return;
      take(value);
      for (const bound of intervals[i] ?? []) take(bound);
    });
  }
  for (const { value } of levels) take(value);
  if (low > high) return [0, 1];
  if (fromZero) return [Math.min(0, low), high > 0 ? high * 1.05 : 1];
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}

/** Labels of as many windows as have room. */
function windowAxis(windows: readonly ShownWindow[], center: (i: number) => number, box: Box): Axis {
  const longest = Math.max(1, ...windows.map(({ short }) => short.length));
  const room = Math.max(1, Math.floor((box.right - box.left) / (longest * 7 + 16)));
  const every = Math.ceil(windows.length / room);
  return {
    at: center,
    back: (pixel) => pixel,
    ticks: windows.flatMap(({ short }, i) => (i % every === 0 ? [{ at: center(i), text: short }] : [])),
  };
}

function cell({ values, intervals, levels }: Series, i: number, format: NumberFormat): string {
  const value = values[i] ?? null;
  if (value === null) return '–';
  const interval = intervals?.[i];
  const level = levels?.[i] ?? null;
  const minus = (number: number) => format(number).replace(/^-/, '−');
  return `${minus(value)}${interval ? ` (${minus(interval[0])} to ${minus(interval[1])})` : ''}${level === null ? '' : ` ${levelMarks[level]} ${level}`}`;
}

/** The drawing for those who do not see it, or want the numbers. */
function Numbers({ label, windows, series, levels = [], format, rows }: SeriesChartProps) {
  const [open, setOpen] = useState(false);
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The numbers as a table</summary>
      {open && (
        <Scroll label={label}>
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">window</th>
                <th scope="col">rows</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {windows.map((window, i) => (
                <tr key={i}>
                  <th scope="row">
                    <Text value={window.name} />
                  </th>
                  <td>{formatCount(rows?.[i] ?? window.rows)}</td>
                  {series.map((line) => (
                    <td key={line.name}>{cell(line, i, format)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {levels.length > 0 && (
            <p class="note">{levels.map(({ name, value }) => `${name} ${format(value)}`).join(', ')}</p>
          )}
        </Scroll>
      )}
    </details>
  );
}
