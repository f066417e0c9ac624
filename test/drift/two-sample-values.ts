import { readFileSync } from 'node:fs';

export interface NumericCase {
  readonly name: string;
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly expected: {
    readonly ks: { readonly D: number; readonly p_asymptotic: number; readonly p_exact?: number };
    readonly mann_whitney_u: { readonly U: number; readonly p_asymptotic_tie_corrected_continuity: number };
    readonly wasserstein_1: number;
    readonly moments: { readonly quantiles_linear: { readonly p: number[]; readonly reference: number[] } };
  };
}

export interface CategoryCase {
  readonly name: string;
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly expected: {
    readonly chi_square: { readonly X2: number; readonly dof: number; readonly p: number };
    readonly cramers_v: number;
    readonly psi?: number;
    readonly js_distance_base2: number;
    readonly hellinger: number;
    readonly total_variation: number;
    readonly l_infinity: number;
  };
}

const file = new URL('../../fixtures/reference-values/two-sample.json', import.meta.url);

/** What SciPy and NumPy say; see make_two_sample_values.py beside the file. */
export const twoSample = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly numeric: readonly NumericCase[];
  readonly categorical: readonly CategoryCase[];
};

/** Relative to the expected value. */
export const STATISTIC_TOLERANCE = 1e-12;
/** Relative to the expected p-value. */
export const P_VALUE_TOLERANCE = 1e-9;
