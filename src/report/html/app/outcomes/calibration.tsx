import { useState } from 'preact/hooks';
import type { CalibrationPoint } from '../../../../model/outcome.ts';
import type { OutcomesReport, ReportedCalibration, SidePerformance } from '../../../../model/outcomes.ts';
import { printable } from '../../../../model/text.ts';
import { formatCount, formatNumber, formatShare } from '../../../numbers.ts';
import { Axes, type Axis, type Box, numberAxisOf, valueAxis } from '../charts/axes.tsx';
import { useWidth } from '../charts/width.ts';
import { Legend } from '../parts/badges.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName, useSides } from '../parts/sides.tsx';
import { Text } from '../parts/text.tsx';

const screenHeight = 300;
const paperHeight = 200;

/** Whether a score means what it says: the observed share of a class against the mean score, bin by bin. */
export function Calibration({ outcomes, printing }: { outcomes: OutcomesReport; printing: boolean }) {
  const classes = classesOf(outcomes);
  const [chosen, choose] = useState<string | null>(null);
  if (classes.length === 0) return null;
  const name = chosen !== null && classes.includes(chosen) ? chosen : classes[0]!;
  const shown = printing ? classes : [name];
  return (
    <>
      <h3>
        Calibration <Legend />
      </h3>
      {classes.length > 1 && !printing && (
        <label>
          Class{' '}
          <select
            aria-label="Class of the calibration"
            value={classes.indexOf(name)}
            onChange={(event) => choose(classes[Number(event.currentTarget.value)] ?? null)}
          >
            {classes.map((one, i) => (
              <option key={one} value={i}>
                {printable(one, 60) || '""'}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="cards wide">
        {shown.map((one) => (
          <Curve key={one} className={one} outcomes={outcomes} printing={printing} />
        ))}
      </div>
    </>
  );
}

function classesOf({ reference, current }: OutcomesReport): string[] {
  const names = [...(current?.calibration ?? []), ...(reference?.calibration ?? [])].map(({ className }) => className);
  return [...new Set(names)];
}

/** Bins of equal width are what people expect; where a side has only the others, those. */
function curveOf(side: SidePerformance | null, className: string): ReportedCalibration | undefined {
  const own = side?.calibration.filter((curve) => curve.className === className) ?? [];
  return own.find(({ bins }) => bins === 'equal-width') ?? own[0];
}

function Curve({ className, outcomes, printing }: { className: string; outcomes: OutcomesReport; printing: boolean }) {
  const names = useSides();
  const [ref, width] = useWidth(printing);
  const height = printing ? paperHeight : screenHeight;
  const box: Box = { left: 52, right: width - 10, top: 12, bottom: height - 40 };
  const x = valueAxis('numeric', [0, 1], [box.left, box.right], null);
  const y = numberAxisOf([0, 1], [box.bottom, box.top], formatShare);
  const sides = (['reference', 'current'] as const).flatMap((side) => {
    const curve = curveOf(outcomes[side], className);
    return curve ? [{ side, curve }] : [];
  });
  return (
    <figure>
      <h4>
        Score of “<Text value={className} limit={60} />”
      </h4>
      <div ref={ref} class="chart calibration">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          width="100%"
          height={height}
          role="img"
          aria-label={`Observed share of the class by mean score, ${sides.map(({ side }) => names[side]).join(' and ')}; a calibrated score lies on the diagonal. The numbers stand in the table below.`}
        >
          <Axes x={x} y={y} box={box} />
          <path class="diagonal" d={`M${x.at(0)} ${y.at(0)}L${x.at(1)} ${y.at(1)}`} />
          <text class="axis-name" x={(box.left + box.right) / 2} y={height - 4} text-anchor="middle">
            mean score
          </text>
          {sides.map(({ side, curve }) => (
            <Points key={side} side={side} points={curve.points} x={x} y={y} />
          ))}
        </svg>
      </div>
      <p class="small">
        {sides.map(({ side, curve }, i) => {
          const error = outcomes[side]?.metrics.find(
            ({ id, className: of }) =>
              id === (curve.bins === 'equal-width' ? 'calibration-error' : 'calibration-error-equal-mass') &&
              (of === className || of === null),
          )?.value;
          return (
            <span key={side}>
              {i > 0 && '; '}
              {names[side]}: calibration error (ECE){' '}
              {error === undefined || error === null ? '–' : formatNumber(error, 3)}, by chance{' '}
              {formatNumber(curve.expectedByChance, 2)}
            </span>
          );
        })}
      </p>
      <PointsTable sides={sides} printing={printing} />
    </figure>
  );
}

function Points({
  side,
  points,
  x,
  y,
}: {
  side: 'reference' | 'current';
  points: readonly CalibrationPoint[];
  x: Axis;
  y: Axis;
}) {
  const at = ({ meanScore, observed }: CalibrationPoint) =>
    `${x.at(meanScore).toFixed(1)} ${y.at(observed).toFixed(1)}`;
  return (
    <g class={`line ${side}`}>
      <path
        class="whiskers"
        d={points
          .map(
            ({ meanScore, interval: [low, high] }) =>
              `M${x.at(meanScore).toFixed(1)} ${y.at(low).toFixed(1)}V${y.at(high).toFixed(1)}`,
          )
          .join('')}
      />
      <path class="curve" d={points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(point)}`).join('')} />
      {points.map((point, i) => (
        <path
          key={i}
          class="point"
          d={
            side === 'current'
              ? `M${at(point)}m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z`
              : `M${at(point)}m-3 -3h6v6h-6z`
          }
        />
      ))}
    </g>
  );
}

function PointsTable({
  sides,
  printing,
}: {
  sides: readonly { side: 'reference' | 'current'; curve: ReportedCalibration }[];
  printing: boolean;
}) {
  if (printing) return null;
  return (
    <details class="as-table">
      <summary>The numbers as a table</summary>
      <Scroll label="Calibration">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">side</th>
              <th scope="col">rows</th>
              <th scope="col">mean score</th>
              <th scope="col">observed</th>
              <th scope="col">interval</th>
            </tr>
          </thead>
          <tbody>
            {sides.flatMap(({ side, curve }) =>
              curve.points.map(({ rows, meanScore, observed, interval }, i) => (
                <tr key={`${side}${i}`}>
                  <th scope="row">
                    <SideName of={side} />
                  </th>
                  <td>{formatCount(rows)}</td>
                  <td>{formatNumber(meanScore, 3)}</td>
                  <td>{formatShare(observed)}</td>
                  <td>
                    {formatShare(interval[0])} to {formatShare(interval[1])}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
