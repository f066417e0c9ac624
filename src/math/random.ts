import { logBinomial } from './gamma.ts';

/** Below this mean a binomial is drawn by walking up its probabilities. */
const WALK_BELOW = 10;

/**
 * A generator of random numbers that gives the same numbers everywhere for the same seed: xoshiro128** seeded by splitmix32.
 *
 * Sources    Blackman & Vigna (2021), doi:10.1145/3460772; Hörmann (1993), doi:10.1080/00949659308811496 (binomials).
 */
export class SeededRandom {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    let x = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    });
  }

  /** Uniform in (0, 1), 32 bits: neither end occurs. */
  uniform(): number {
    const s = this.#state;
    const product = Math.imul(s[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return (result + 0.5) / 4294967296;
  }

  /** The number of successes in n trials of probability p, in a time that hardly depends on n. */
  binomial(n: number, p: number): number {
    if (!(n > 0) || !(p > 0)) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    return n * p < WALK_BELOW ? this.#walk(n, p) : this.#rejection(n, p);
  }

  /** n draws over cells of the given shares, which sum to one: a binomial for each cell of what is left. */
  multinomial(n: number, shares: Float64Array, into: Float64Array): void {
    let left = n;
    let share = 1;
    for (const [i, p] of shares.entries()) {
      const drawn = i === shares.length - 1 || p >= share ? left : this.binomial(left, p / share);
      into[i] = drawn;
      left -= drawn;
      share -= p;
    }
  }

  #walk(n: number, p: number): number {
    const odds = p / (1 - p);
    let probability = (1 - p) ** n;
    let u = this.uniform();
    for (let k = 0; k < n; k++) {
      if (u <= probability) return k;
      u -= probability;
      probability *= (odds * (n - k)) / (k + 1);
    }
    return n;
  }

  /** BTRS, transformed rejection with squeeze: n p ≥ 10, p ≤ ½. */
  #rejection(n: number, p: number): number {
    const deviation = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * deviation;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const c = n * p + 0.5;
    const v0 = 0.92 - 4.2 / b;
    for (;;) {
      const u = this.uniform() - 0.5;
      let v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + c);
      if (k < 0 || k > n) continue;
      if (us >= 0.07 && v <= v0) return k;
      v = Math.log((v * (2.83 + 5.1 / b) * deviation) / (a / (us * us) + b));
      const mode = Math.floor((n + 1) * p);
      const odds = Math.log(p / (1 - p));
      if (v <= logBinomial(n, k) - logBinomial(n, mode) + (k - mode) * odds) return k;
    }
  }
}

/** A seed from a text, the same everywhere: FNV-1a over its code units. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
