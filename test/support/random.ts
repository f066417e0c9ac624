/**
 * A generator of random numbers that gives the same numbers everywhere for the same seed: xoshiro128** seeded by splitmix32.
 *
 * Sources    Blackman & Vigna (2021), doi:10.1145/3460772.
 */
export class Random {
  readonly #state: Uint32Array;
  #spare: number | null = null;

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

  /** 32 random bits. */
  bits(): number {
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
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  /** Uniform among 0 … n − 1. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = v * factor;
      return u * factor;
    }
  }

  /** The number of successes in n trials, by counting them. */
  binomial(n: number, p: number): number {
    let successes = 0;
    for (let i = 0; i < n; i++) if (this.uniform() < p) successes += 1;
    return successes;
  }

  /** Counts of n draws from the given shares, which are scaled to sum to one. */
  multinomial(n: number, shares: readonly number[]): Float64Array {
    const counts = new Float64Array(shares.length);
    const draw = this.category(shares);
    for (let i = 0; i < n; i++) counts[draw()]! += 1;
    return counts;
  }

  /** A sampler of indices by the given shares: Walker's alias method as by Vose, two looks a draw. */
  category(shares: readonly number[]): () => number {
    const total = shares.reduce((a, b) => a + b, 0);
    const scaled = shares.map((share) => (share / total) * shares.length);
    const alias = shares.map((_, i) => i);
    const small = scaled.flatMap((x, i) => (x < 1 ? [i] : []));
    const large = scaled.flatMap((x, i) => (x < 1 ? [] : [i]));
    while (small.length > 0 && large.length > 0) {
      const little = small.pop()!;
      const much = large.pop()!;
      alias[little] = much;
      scaled[much]! -= 1 - scaled[little]!;
      (scaled[much]! < 1 ? small : large).push(much);
    }
    for (const i of [...small, ...large]) scaled[i] = 1;
    return () => {
      const i = this.below(shares.length);
      return this.uniform() < scaled[i]! ? i : alias[i]!;
    };
  }
}
