import type { Distribution } from '../../../../model/report.ts';
import { sharesOf } from './shares.ts';

/** Height in its own units; its width is one unit a cell. */
const height = 40;

/** The reference as a filled shape, the current side as a line over it. */
export function Thumbnail({ distribution }: { distribution: Distribution | null }) {
  if (distribution === null || distribution.reference.length === 0) return <span class="none">–</span>;
  const { reference, current, tallest } = sharesOf(distribution);
  return (
    <svg
      class="thumbnail"
      viewBox={`0 0 ${reference.length} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path class="reference-area" d={steps(reference, tallest)} />
      <path class="current-line" d={steps(current, tallest)} />
    </svg>
  );
}

function steps(shares: readonly number[], tallest: number): string {
  let path = `M0 ${height}`;
  for (const share of shares) {
    path += `V${(height - (tallest > 0 ? share / tallest : 0) * (height - 1)).toFixed(1)}h1`;
  }
  return `${path}V${height}`;
}
