import { readFileSync } from 'node:fs';

export interface StudentTest {
  readonly t: number;
  readonly df: number;
  readonly p: number;
}

export interface NumericCase {
  readonly name: string;
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly expected: {
    readonly ks: { readonly D: number; readonly p_asymptotic: number; readonly p_exact?: number };
    readonly mann_whitney_u: { readonly U: number; readonly p_asymptotic_tie_corrected_continuity: number };
    readonly cramer_von_mises: { readonly T: number; readonly p_asymptotic: number };
    readonly anderson_darling_ksamp_midrank: {
      readonly A2_normalised: number;
      readonly p_permutation?: number;
      readonly resamples?: number;
    };
    readonly welch_t: StudentTest;
    /** of both samples moved near 0, where SciPy's means keep their digits */
    readonly welch_t_centred?: StudentTest;
    readonly brown_forsythe: { readonly W: number; readonly p: number };
    readonly wasserstein_1: number;
    readonly energy_distance: number;
    readonly moments: { readonly quantiles_linear: { readonly p: number[]; readonly reference: number[] } };
  };
}

export interface CategoryCase {
  readonly name: string;
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly expected: {
    readonly chi_square: { readonly X2: number; readonly dof: number; readonly p: number };
    readonly g_test?: { readonly G: number; readonly dof: number; readonly p: number };
    readonly fisher_exact_p?: number;
    readonly kl_nats_current_from_reference?: number;
    readonly kl_nats_reference_from_current?: number;
    readonly cramers_v: number;
    readonly psi?: number;
    readonly js_distance_base2: number;
    readonly hellinger: number;
    readonly total_variation: number;
    readonly l_infinity: number;
  };
}

interface Tables {
  readonly numeric: readonly NumericCase[];
  readonly categorical: readonly CategoryCase[];
}

function read(name: string): Tables {
  return JSON.parse(readFileSync(new URL(`../../fixtures/reference-values/${name}.json`, import.meta.url), 'utf8'));
}

const first = read('two-sample');
const second = read('two-sample-second-seed');
const again = <Case extends { readonly name: string }>(cases: readonly Case[]) =>
  cases.map((one) => ({ ...one, name: `${one.name} (second seed)` }));

/** What SciPy and NumPy say, on samples of two seeds; see make_two_sample_values.py beside the files. */
export const twoSample: Tables = {
  numeric: [...first.numeric, ...again(second.numeric)],
  categorical: [...first.categorical, ...again(second.categorical)],
};

/** Relative to the expected value. */
export const STATISTIC_TOLERANCE = 1e-12;
/** Relative to the expected p-value. */
export const P_VALUE_TOLERANCE = 1e-9;
