const width = 160;
const height = 16;

interface WorseScaleProps {
  /** as a share of what it is compared with; below 0 where it is better */
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly warn: number;
  readonly fail: number;
}

/**
 * How much worse, or better, something is, against its tolerances: none in the middle, better to the left, twice the fail tolerance at
 * either end. Beyond an end the mark is an arrow.
 */
export function WorseScale({ value, interval, warn, fail }: WorseScaleProps) {
  const middle = width / 2;
  const at = (x: number) => Math.min(width, Math.max(0, middle + (x / fail) * (width / 4)));
  const x = Math.min(width - 2, Math.max(2, at(value)));
  const arrow = value > 2 * fail ? `M${width - 8} 1l8 7-8 7z` : value < -2 * fail ? 'M8 1l-8 7 8 7z' : null;
  const zone = (name: string, from: number, to: number) => (
    <rect class={`zone ${name}`} x={from} y="5" width={Math.max(0, to - from)} height="6" />
  );
  return (
    <svg class="scale" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {zone('ok', 0, at(warn))}
      {zone('warn', at(warn), at(fail))}
      {zone('fail', at(fail), width)}
      {interval && (
        <rect
          class="interval"
          x={at(interval[0])}
          y="3.5"
          width={Math.max(1, at(interval[1]) - at(interval[0]))}
          height="9"
        />
      )}
      <path class="tolerance" d={`M${middle} 1v14M${at(warn)} 1v14M${at(fail)} 1v14`} />
      <path class="mark" d={arrow ?? `M${x - 2} 1h4v14h-4z`} />
    </svg>
  );
}
