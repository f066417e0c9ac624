const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next larger double. */
export function nextUp(x: number): number {
  if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return Number.MIN_VALUE;
  float[0] = x;
  bits[0] = bits[0]! + (x > 0 ? 1n : -1n);
  return float[0]!;
}

/** The next smaller double. */
export function nextDown(x: number): number {
  return -nextUp(-x);
}
