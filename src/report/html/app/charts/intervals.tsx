import type { TargetedPointerEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Distribution, ReportColumn } from '../../../../model/report.ts';
import { formatNumber, formatShare } from '../../../numbers.ts';
import { valueFormat } from '../parts/number.tsx';
import { useSides } from '../parts/sides.tsx';
import { Axes, type Axis, type Box, shareAxis, valueAxis } from './axes.tsx';
import { cumulated, heightAt, sharesOf } from './shares.ts';
import { useWidth } from './width.ts';

export interface IntervalsProps {
  readonly column: ReportColumn;
  readonly distribution: Distribution;
  readonly view: 'shares' | 'cumulative';
  /** where a logarithmic axis of the values starts, as in a report; null for a linear one */
  readonly logarithmicFrom: number | null;
  readonly logarithmicShares: boolean;
  readonly printing: boolean;
}

const screenHeight = 260;
const paperHeight = 170;

/** Both sides over the same number ranges: shares of rows as steps, or cumulated with the largest distance between them. */
export function Intervals({
  column,
  distribution,
  view,
  logarithmicFrom,
  logarithmicShares,
  printing,
}: IntervalsProps) {
  const names = useSides();
  const [ref, width] = useWidth(printing);
  const height = printing ? paperHeight : screenHeight;
  const [pointed, setPointed] = useState<number | null>(null);
  const edges = distribution.edges!;
  const shares = sharesOf(distribution);
  const box: Box = { left: 52, right: width - 8, top: 14, bottom: height - 26 };
  const x = valueAxis(column.kind, [edges[0]!, edges.at(-1)!], [box.left, box.right], logarithmicFrom);
  const smallest = Math.min(...[...shares.reference, ...shares.current].filter((share) => share > 0));
  const y =
    view === 'cumulative'
      ? shareAxis([0, 1], [box.bottom, box.top], false)
      : logarithmicShares
        ? shareAxis([smallest / 2, shares.tallest], [box.bottom, box.top], true)
        : shareAxis([0, shares.tallest || 1], [box.bottom, box.top], false);
  const follow = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const pixel = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const cell = edges.findIndex((edge, i) => i > 0 && x.at(edge) >= pixel) - 1;
    setPointed(pixel < box.left || pixel > box.right || cell < 0 ? null : cell);
  };
  const props = { column, edges, shares, x, y, box };
  return (
    <div ref={ref} class="chart">
      {/* the table below the drawing says the same to a keyboard */}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height={height}
        role="img"
        aria-label={inWords(column, view, names)}
        onPointerMove={follow}
        onPointerLeave={() => setPointed(null)}
      >
        <Axes x={x} y={y} box={box} />
        {view === 'shares' ? <Steps {...props} /> : <Cumulative {...props} />}
        {pointed !== null && (
          <rect
            class="pointed"
            x={x.at(edges[pointed]!)}
            width={Math.max(1, x.at(edges[pointed + 1]!) - x.at(edges[pointed]!))}
            y={box.top}
            height={box.bottom - box.top}
          />
        )}
      </svg>
      <p class="readout" aria-hidden="true">
        {pointed === null ? (
          <span class="none">Point at the drawing to read a cell.</span>
        ) : (
          <Readout {...props} cell={pointed} view={view} />
        )}
      </p>
    </div>
  );
}

interface DrawingProps {
  readonly column: ReportColumn;
  readonly edges: readonly number[];
  readonly shares: ReturnType<typeof sharesOf>;
  readonly x: Axis;
  readonly y: Axis;
  readonly box: Box;
}

function Steps({ column, edges, shares, x, y, box }: DrawingProps) {
  const path = (side: readonly number[]) => {
    let d = `M${x.at(edges[0]!).toFixed(1)} ${box.bottom}`;
    side.forEach((share, i) => {
      const top = share > 0 ? y.at(share) : box.bottom;
      d += `V${top.toFixed(1)}H${x.at(edges[i + 1]!).toFixed(1)}`;
    });
    return `${d}V${box.bottom}`;
  };
  const medians = (['reference', 'current'] as const).flatMap((side) => {
    const median = column[side]?.numbers?.quantiles.q50;
    return median === undefined || median < edges[0]! || median > edges.at(-1)! ? [] : [{ side, at: x.at(median) }];
  });
  return (
    <>
      <path class="reference-area" d={path(shares.reference)} />
      <path class="current-line" d={path(shares.current)} />
      {medians.map(({ side, at }) => (
        <path key={side} class={`median ${side}`} d={`M${at.toFixed(1)} ${box.bottom}V${box.top}`} />
      ))}
    </>
  );
}

function Cumulative({ column, edges, shares, x, y, box }: DrawingProps) {
  const reference = cumulated(shares.reference);
  const current = cumulated(shares.current);
  const path = (side: readonly number[]) =>
    side.map((share, i) => `${i === 0 ? 'M' : 'L'}${x.at(edges[i]!).toFixed(1)} ${y.at(share).toFixed(1)}`).join('');
  const ks = column.measures.find(({ id }) => id === 'kolmogorov-smirnov');
  const at = ks?.detail?.at;
  const inside = typeof at === 'number' && at >= edges[0]! && at <= edges.at(-1)!;
  const position = inside ? x.at(at) : 0;
  const ends = inside ? [y.at(heightAt(edges, reference, at)), y.at(heightAt(edges, current, at))] : [];
  const middle = ((ends[0] ?? 0) + (ends[1] ?? 0)) / 2;
  const leftwards = position > (box.left + box.right) / 2;
  return (
    <>
      <path class="reference-curve" d={path(reference)} />
      <path class="current-line" d={path(current)} />
      {inside && (
        <g class="distance">
          <path d={`M${position.toFixed(1)} ${ends[0]!.toFixed(1)}V${ends[1]!.toFixed(1)}`} />
          <path d={ends.map((end) => `M${(position - 5).toFixed(1)} ${end.toFixed(1)}h10`).join('')} />
          <text x={position + (leftwards ? -10 : 10)} y={middle} dy="0.32em" text-anchor={leftwards ? 'end' : 'start'}>
            D = {formatNumber(ks!.statistic, 3)} at {valueFormat(column.kind)(at)}
          </text>
        </g>
      )}
    </>
  );
}

function Readout({ column, edges, shares, cell, view }: DrawingProps & { cell: number; view: IntervalsProps['view'] }) {
  const names = useSides();
  const format = valueFormat(column.kind);
  const [from, to] = [format(edges[cell]!), format(edges[cell + 1]!)];
  const told = (side: readonly number[]) => formatShare(view === 'shares' ? side[cell]! : cumulated(side)[cell + 1]!);
  return (
    <>
      {view === 'shares' ? `${from} to ${to}` : `up to ${to}`}: {names.reference} <b>{told(shares.reference)}</b>,{' '}
      {names.current} <b>{told(shares.current)}</b>
    </>
  );
}

/** The drawing for those who do not see it. */
function inWords(column: ReportColumn, view: IntervalsProps['view'], names: ReturnType<typeof useSides>): string {
  const format = valueFormat(column.kind);
  const { reference, current } = column;
  const medians =
    reference?.numbers && current?.numbers
      ? `median ${format(reference.numbers.quantiles.q50)} (${names.reference}), ${format(current.numbers.quantiles.q50)} (${names.current})`
      : 'both sides';
  return `${view === 'shares' ? 'Shares of rows' : 'Cumulative shares of rows'} over the values: ${medians}. The numbers stand in the table below.`;
}
