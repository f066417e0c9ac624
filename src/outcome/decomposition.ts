/**
 * What a change of a distribution is made of, when the rows fall into segments.
 *
 *   q − p = Σ_s (ω_s − π_s)·(P_s + Q_s)/2  +  Σ_s (π_s + ω_s)/2·(Q_s − P_s)
 *           mix: the segments' shares         within: the distributions inside the segments
 *
 * with π, ω the shares and P, Q the distributions of the segments then and now. φ² = Σ_b 2 (q−p)²/(p+q) is a weighted sum over
 * (q−p)·(q−p), so each part of one factor has its share of φ², and the shares add up to 1. One that is negative works against the
 * change as a whole.
 *
 * Asks       is a drift a change of who is there, or of what they are like?
 * Edges      a segment without rows on one side has no distribution there: it takes the one it has, so that its coming or going
 *            is mix
 * Sources    Kitagawa (1955), doi:10.1080/01621459.1955.10501299; Oaxaca (1973), doi:10.2307/2525981.
 */

/** Counts by cell: one array a segment, every array with one count a cell. */
export interface SegmentCells {
  readonly reference: readonly Float64Array[];
  readonly current: readonly Float64Array[];
}

export interface Decomposition {
  readonly phiSquared: number;
  /** shares of φ² */
  readonly mix: number;
  readonly within: readonly number[];
  /** φ² of Σ_s π_s Q_s against p: what is left when the segments have the reference's shares */
  readonly reweighted: number;
}

/**
 * Null when there is nothing to split: a side without rows, or no change.
 *
 * @example
 * // segments of 60 and 40 rows that become 40 and 60, each with its own constant  =>  mix 1, within 0 and 0
 */
export function decompose({ reference, current }: SegmentCells): Decomposition | null {
  const sizes = { reference: reference.map(total), current: current.map(total) };
  const n = sizes.reference.reduce((a, b) => a + b, 0);
  const m = sizes.current.reduce((a, b) => a + b, 0);
  if (!(n > 0 && m > 0)) return null;

  const cells = reference[0]!.length;
  const [p, q, kept] = [new Float64Array(cells), new Float64Array(cells), new Float64Array(cells)];
  const segments = reference.map((counts, s) => {
    const [rowsThen, rowsNow] = [sizes.reference[s]!, sizes.current[s]!];
    return {
      weight: { reference: rowsThen / n, current: rowsNow / m },
      share: sharesOf(counts, rowsThen, current[s]!, rowsNow),
    };
  });
  for (const { weight, share } of segments) {
    for (let b = 0; b < cells; b++) {
      const { reference: P, current: Q } = share(b);
      p[b] = p[b]! + weight.reference * P;
      q[b] = q[b]! + weight.current * Q;
      kept[b] = kept[b]! + weight.reference * Q;
    }
  }

  const phiSquared = distance(p, q);
  if (!(phiSquared > 0)) return null;
  const pull = Float64Array.from(p, (before, b) =>
    before + q[b]! > 0 ? (2 * (q[b]! - before)) / (before + q[b]!) / phiSquared : 0,
  );
  const within = segments.map(({ weight, share }) => {
    let part = 0;
    for (let b = 0; b < cells; b++) {
      const { reference: P, current: Q } = share(b);
      part += pull[b]! * ((weight.reference + weight.current) / 2) * (Q - P);
    }
    return part;
  });
  return { phiSquared, mix: 1 - within.reduce((a, b) => a + b, 0), within, reweighted: distance(p, kept) };
}

/** Shares of one cell inside a segment, on both sides. */
function sharesOf(then: Float64Array, n: number, now: Float64Array, m: number) {
  return (b: number) => {
    const reference = n > 0 ? then[b]! / n : m > 0 ? now[b]! / m : 0;
    return { reference, current: m > 0 ? now[b]! / m : reference };
  };
}

/** φ² of two distributions. */
export function distance(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let b = 0; b < p.length; b++) {
    const both = p[b]! + q[b]!;
    if (both > 0) sum += (2 * (p[b]! - q[b]!) ** 2) / both;
  }
  return sum;
}

function total(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
