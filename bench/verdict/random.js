/**
 * Random numbers that are the same everywhere for the same seed: xoshiro128** seeded by splitmix32 from a text. The text names the
 * scenario and the repeat, so that no draw depends on which worker made it, or on what was drawn before.
 *
 * Sources    Blackman & Vigna (2021), doi:10.1145/3460772; Hörmann (1993), doi:10.1080/00949659308811496 (binomial, BTRS).
 */
export class Random {
  #state;
  #spare = null;

  constructor(text) {
    let x = hash(text);
    this.#state = Uint32Array.from({ length: 4 }, (_, i) => {
      x = (x + 0x9e3779b9) >>> 0;
      // two different hashes of the text: 32 bits alone would give two of a million repeats the same draws
      if (i === 2) x = (x ^ hash(`${text}/`)) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    });
  }

  bits() {
    const s = this.#state;
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform() {
    return ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  exponential() {
    return -Math.log(1 - this.uniform());
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal() {
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

  /** Successes in n trials; exact (inversion for few expected, transformed rejection for many). */
  binomial(n, p) {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    return n * p < 10 ? this.#binomialByInversion(n, p) : this.#binomialByRejection(n, p);
  }

  #binomialByInversion(n, p) {
    const ratio = p / (1 - p);
    const first = Math.exp(n * Math.log1p(-p));
    for (;;) {
      let probability = first;
      let u = this.uniform();
      for (let k = 0; k <= n; k++) {
        if (u < probability) return k;
        u -= probability;
        probability *= (ratio * (n - k)) / (k + 1);
        if (probability < 1e-300 && k > n * p) break;
      }
    }
  }

  #binomialByRejection(n, p) {
    const spread = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * spread;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const c = n * p + 0.5;
    const vr = 0.92 - 4.2 / b;
    const alpha = (2.83 + 5.1 / b) * spread;
    const mode = Math.floor((n + 1) * p);
    const odds = p / (1 - p);
    for (;;) {
      const u = this.uniform() - 0.5;
      let v = this.uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + c);
      if (k < 0 || k > n) continue;
      if (us >= 0.07 && v <= vr) return k;
      v = Math.log((v * alpha) / (a / (us * us) + b));
      const bound =
        (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
        stirling(mode) +
        stirling(n - mode) +
        (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
        (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) -
        stirling(k) -
        stirling(n - k);
      if (v <= bound) return k;
    }
  }

  /** Counts of n draws from the given shares, which sum to one: one conditional binomial a cell. */
  multinomial(n, shares) {
    const counts = new Float64Array(shares.length);
    let rows = n;
    let rest = 1;
    for (let i = 0; i < shares.length && rows > 0; i++) {
      const count = i === shares.length - 1 ? rows : this.binomial(rows, Math.min(1, shares[i] / rest));
      counts[i] = count;
      rows -= count;
      rest -= shares[i];
    }
    return counts;
  }
}

/** FNV-1a. */
function hash(text) {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

const smallStirling = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
];

/** ln k! − (its Stirling approximation at k + 1) */
function stirling(k) {
  if (k < smallStirling.length) return smallStirling[k];
  const x = 1 / (k + 1);
  return (1 / 12 - (1 / 360 - (x * x) / 1260) * x * x) * x;
}
