import type { OutcomesReport, ResidualHistogram } from '../../../../model/outcomes.ts';
import { formatCount, formatNumber, formatShare } from '../../../numbers.ts';
import { Axes, type Axis, type Box, numberAxisOf, valueAxis } from '../charts/axes.tsx';
import { useWidth } from '../charts/width.ts';
import { Legend } from '../parts/badges.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName } from '../parts/sides.tsx';

const screenHeight = 220;
const paperHeight = 150;

/** How far predictions lie from the labels, and to which side. */
export function Residuals({ outcomes, printing }: { outcomes: OutcomesReport; printing: boolean }) {
  const sides = (['reference', 'current'] as const).flatMap((side) => {
    const histogram = outcomes[side]?.residuals;
    return histogram && histogram.edges.length > 1 ? [{ side, histogram, heights: densities(histogram) }] : [];
  });
  return sides.length === 0 ? null : <Sides sides={sides} printing={printing} />;
}

interface Side {
  readonly side: 'reference' | 'current';
  readonly histogram: ResidualHistogram;
  readonly heights: readonly number[];
}

function Sides({ sides, printing }: { sides: readonly Side[]; printing: boolean }) {
  const [ref, width] = useWidth(printing);
  const height = printing ? paperHeight : screenHeight;
  const box: Box = { left: 12, right: width - 8, top: 12, bottom: height - 26 };
  const low = Math.min(0, ...sides.map(({ histogram }) => histogram.edges[0]!));
  const high = Math.max(0, ...sides.map(({ histogram }) => histogram.edges.at(-1)!));
  const x = valueAxis('numeric', low < high ? [low, high] : [low - 1, high + 1], [box.left, box.right], null);
  const tallest = Math.max(Number.MIN_VALUE, ...sides.flatMap(({ heights }) => heights));
  const y = numberAxisOf([0, tallest], [box.bottom, box.top], formatNumber);
  return (
    <>
      <h3>
        Residuals <Legend />
      </h3>
      <div ref={ref} class="chart residuals">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          width="100%"
          height={height}
          role="img"
          aria-label="Distribution of prediction minus label on both sides. The numbers stand in the table below."
        >
          {/* heights are rows per unit of the residual, which say nothing by themselves */}
          <Axes x={x} y={{ ...y, ticks: [] }} box={box} />
          {sides.map(({ side, histogram, heights }) => (
            <path
              key={side}
              class={side === 'reference' ? 'reference-area' : 'current-line'}
              d={steps(histogram.edges, heights, x, y, box.bottom)}
            />
          ))}
          <path class="zero" d={`M${x.at(0).toFixed(1)} ${box.bottom}V${box.top}`} />
        </svg>
      </div>
      <p class="note">
        Prediction − label: left of the line the model said too little. The outermost intervals hold everything beyond
        them.
      </p>
      {!printing && (
        <details class="as-table">
          <summary>The numbers as a table</summary>
          <Scroll label="Residuals">
            <table class="numbers">
              <thead>
                <tr>
                  <th scope="col">side</th>
                  <th scope="col">from</th>
                  <th scope="col">to</th>
                  <th scope="col">rows</th>
                  <th scope="col">share</th>
                </tr>
              </thead>
              <tbody>
                {sides.flatMap(({ side, histogram: { edges, rows } }) =>
                  rows.map((many, i) => (
                    <tr key={`${side}${i}`}>
                      <th scope="row">
                        <SideName of={side} />
                      </th>
                      <td>{formatNumber(edges[i]!).replace(/^-/, '−')}</td>
                      <td>{formatNumber(edges[i + 1]!).replace(/^-/, '−')}</td>
                      <td>{formatCount(many)}</td>
                      <td>{formatShare(many / Math.max(1, sum(rows)))}</td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </Scroll>
        </details>
      )}
    </>
  );
}

function sum(rows: readonly number[]): number {
  return rows.reduce((total, many) => total + many, 0);
}

/** Shares of the side by unit of the residual, so that sides with other intervals can be compared. */
function densities({ edges, rows }: ResidualHistogram): number[] {
  const total = Math.max(1, sum(rows));
  return rows.map((many, i) => many / total / (edges[i + 1]! - edges[i]! || 1));
}

function steps(edges: readonly number[], heights: readonly number[], x: Axis, y: Axis, bottom: number): string {
  let d = `M${x.at(edges[0]!).toFixed(1)} ${bottom}`;
  heights.forEach((height, i) => {
    d += `V${y.at(height).toFixed(1)}H${x.at(edges[i + 1]!).toFixed(1)}`;
  });
  return `${d}V${bottom}`;
}
