import type { GatingMeasure } from '../../../../model/verdict.ts';
import { gateOf } from '../../../gate.ts';

const width = 160;
const height = 16;

interface ScaleProps {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly warn: number;
  readonly fail: number;
}

/**
 * A number against its tolerances, from nothing to twice the fail tolerance, so that every column has the same scale: the interval
 * as a bar, the number as a mark (an arrow when it lies beyond), the tolerances as lines.
 */
export function ToleranceScale({ value, interval, warn, fail }: ScaleProps) {
  const at = (x: number) => Math.min(width, Math.max(0, (x / fail) * (width / 2)));
  const x = at(value);
  const beyond = value > 2 * fail;
  return (
    <svg class="scale" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      <rect class="zone ok" x="0" y="5" width={at(warn)} height="6" />
      <rect class="zone warn" x={at(warn)} y="5" width={width / 2 - at(warn)} height="6" />
      <rect class="zone fail" x={width / 2} y="5" width={width / 2} height="6" />
      {interval && (
        <rect
          class="interval"
          x={at(interval[0])}
          y="3.5"
          width={Math.max(1, at(interval[1]) - at(interval[0]))}
          height="9"
        />
      )}
      <path class="tolerance" d={`M${at(warn)} 1v14M${width / 2} 1v14`} />
      <path
        class="mark"
        d={beyond ? `M${width - 8} 1l8 7-8 7z` : `M${Math.min(width - 2, Math.max(2, x)) - 2} 1h4v14h-4z`}
      />
    </svg>
  );
}

/** What a column is judged by, on its scale. */
export function DriftScale({ gating }: { gating: GatingMeasure }) {
  const { value, interval, warn, fail } = gateOf(gating);
  return <ToleranceScale value={value} interval={interval} warn={warn} fail={fail} />;
}

/** The change of the cell that changed most on its scale. */
export function ChangeScale({ gating }: { gating: GatingMeasure }) {
  const { warn, fail } = gating.tolerance;
  const change = gating.largestCellChange;
  if (change === null) return null;
  return (
    <ToleranceScale
      value={Math.abs(change.current - change.reference)}
      interval={null}
      warn={warn.cellChange}
      fail={fail.cellChange}
    />
  );
}
