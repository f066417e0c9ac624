import type { Distribution } from '../../../../model/report.ts';
import { crowded, sharesOf } from './shares.ts';

/** Height in its own units; its width is one unit a cell. */
const units = 40;

/** The reference as a filled shape, the current side as a line over it. */
export function Thumbnail({ distribution }: { distribution: Distribution | null }) {
  if (distribution === null || distribution.reference.length === 0) return <span class="none">–</span>;
  const shares = sharesOf(distribution);
  // one cell with nearly all rows would flatten the others: heights by the square root
  const height = distribution.edges !== null && shares.tallest > crowded ? Math.sqrt : (share: number) => share;
  const [reference, current] = [shares.reference.map(height), shares.current.map(height)];
  const tallest = height(shares.tallest);
  return (
    <svg
      class="thumbnail"
      viewBox={`0 0 ${reference.length} ${units}`}
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
  let path = `M0 ${units}`;
  for (const share of shares) {
    path += `V${(units - (tallest > 0 ? share / tallest : 0) * (units - 1)).toFixed(1)}h1`;
  }
  return `${path}V${units}`;
}
