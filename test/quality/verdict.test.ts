import { describe, expect, test } from 'vitest';
import type { QualityEvidence, QualityFact, QualityId } from '../../src/model/quality.ts';
import type { ColumnVerdict, Finding, Verdict, VerdictCode } from '../../src/model/verdict.ts';
import { judge } from '../../src/verdict/judge.ts';
import { withQuality } from '../../src/verdict/quality.ts';
import { defaultVerdictSettings as settings } from '../../src/verdict/tolerances.ts';

const sizes = { reference: 1000, current: 1000 };
const empty = judge([], sizes, settings);

const fact = (id: QualityId, evidence: QualityEvidence | null, more: Partial<QualityFact> = {}): QualityFact => ({
  id,
  column: 'x',
  role: 'feature',
  reference: 0,
  current: 0,
  detail: {},
  evidence,
  ...more,
});
const logP = (id: QualityId, evidence: QualityEvidence) =>
  withQuality(empty, [fact(id, evidence)], sizes, settings).results[0]!.logP!;

describe('the p-value of each form of evidence, by hand', () => {
  test('rest: P(Bin(1000, 1 %) ≤ 1) where the other condition is the weaker', () => {
    const few = 0.99 ** 1000 + 1000 * 0.01 * 0.99 ** 999;
    const found = logP('almost-constant', {
      form: 'rest',
      reference: { rows: 900, of: 1000 },
      current: { rows: 1, of: 1000 },
    });
    expect(found).toBeCloseTo(Math.log(few), 9);
  });

  test('rest: fewer than half as many as before, P(Bin(4, 1/3) ≤ 1) = 33/81', () => {
    const found = logP('almost-constant', {
      form: 'rest',
      reference: { rows: 3, of: 1e6 },
      current: { rows: 1, of: 1e6 },
    });
    expect(found).toBeCloseTo(Math.log((2 ** 4 + 4 * 2 ** 3) / 3 ** 4), 6);
  });

  test('share: (0.1 − 0.02 − 0.005) / se from half-counts, where the exact tests are the stronger', () => {
    const variance = (count: number) => (((count + 0.5) / 1001) * (1 - (count + 0.5) / 1001)) / 1000;
    const z = (0.1 - 0.02 - 0.005) / Math.sqrt(variance(20) + variance(100));
    const found = logP('mixed-types', {
      form: 'share',
      reference: { rows: 20, of: 1000 },
      current: { rows: 100, of: 1000 },
      growth: 1,
      dispersion: 1,
    });
    // Mills' ratio: the normal tail is φ(z)/z · (1 − 1/z² + 3/z⁴ …)
    const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / z) * (1 - 1 / z ** 2 + 3 / z ** 4 - 15 / z ** 6);
    expect(found / Math.log(tail)).toBeCloseTo(1, 2);
  });

  test('share: nothing then, and all that natural growth explains now', () => {
    const found = logP('duplicate-rows', {
      form: 'share',
      reference: { rows: 100, of: 1000 },
      current: { rows: 5000, of: 10_000 },
      growth: 10,
      dispersion: 2,
    });
    expect(found).toBeGreaterThan(Math.log(0.5));
  });

  test('count: 400 found where 100 are expected, twice as many tolerated', () => {
    const found = logP('cardinality', { form: 'count', found: 400, expected: 100, variance: 100 });
    const z = 200 / Math.sqrt(401 + 400);
    expect(found).toBeLessThan((-z * z) / 2);
    expect(found).toBeGreaterThan((-z * z) / 2 - 4);
  });

  test('difference: exactly the threshold is no evidence, either way', () => {
    for (const difference of [0.5, -0.5]) {
      expect(logP('entropy', { form: 'difference', difference, standardError: 0.01 })).toBe(0);
    }
    expect(logP('entropy', { form: 'difference', difference: -0.6, standardError: 0.01 })).toBeLessThan(-40);
  });
});

const constant: QualityEvidence = { form: 'rest', reference: { rows: 500, of: 1000 }, current: { rows: 1, of: 1000 } };
const almost = fact('almost-constant', constant, { reference: 0.5, current: 0.999, detail: { value: 'EUR' } });

describe('findings', () => {
  const told: Verdict = {
    ...empty,
    columns: [
      {
        name: 'x',
        outcome: 'stable',
        reason: 'below',
        severity: null,
        gating: null,
        tests: [],
        findings: [],
      } satisfies ColumnVerdict,
    ],
  };

  test('stand in the run and in the column, with its severity', () => {
    const { verdict, results } = withQuality(told, [almost], sizes, settings);
    expect(verdict.findings).toMatchObject([{ code: 'ALMOST_CONSTANT', severity: 'P3', column: 'x', role: 'feature' }]);
    expect(verdict.columns[0]).toMatchObject({ outcome: 'stable', severity: 'P3', findings: verdict.findings });
    expect(results).toMatchObject([{ id: 'almost-constant', severity: 'P3', threshold: 0.99 }]);
    expect(verdict.findings[0]!.message).toBe(
      '"x" is almost constant: "EUR" in 99.9 % of its values, was 50 %; above 99 %',
    );
  });

  test.each<[VerdictCode, number]>([
    ['VARYING_BECAME_CONSTANT', 1],
    ['NULLS_UP', 2],
  ])('are not repeated where %s says it louder', (code, many) => {
    const louder: Finding = { code, severity: 'P2', column: 'x', role: 'feature', message: '', data: {} };
    const before = { ...told, findings: [louder], columns: [{ ...told.columns[0]!, findings: [louder] }] };
    const { verdict, results } = withQuality(before, [almost], sizes, settings);
    expect(verdict.findings).toHaveLength(many);
    expect(verdict.findings[0]).toBe(louder);
    // what was measured is kept
    expect(results[0]!.logP).toBeLessThan(-6);
  });

  test('come after the verdict’s own of the same severity, before lesser ones', () => {
    const own = (code: VerdictCode, severity: 'P2' | 'P3'): Finding => ({
      code,
      severity,
      column: 'y',
      role: 'feature',
      message: '',
      data: {},
    });
    const before = { ...empty, findings: [own('DRIFT_FAIL', 'P2'), own('DRIFT_WARN', 'P3')] };
    const loud = {
      ...settings,
      quality: { ...settings.quality, 'almost-constant': { threshold: 0.99, severity: 'P2' as const } },
    };
    expect(withQuality(before, [almost], sizes, settings).verdict.findings.map(({ code }) => code)).toEqual([
      'DRIFT_FAIL',
      'DRIFT_WARN',
      'ALMOST_CONSTANT',
    ]);
    expect(withQuality(before, [almost], sizes, loud).verdict.findings.map(({ code }) => code)).toEqual([
      'DRIFT_FAIL',
      'ALMOST_CONSTANT',
      'DRIFT_WARN',
    ]);
  });

  test('without one the verdict is left as it is', () => {
    const quiet = fact('almost-constant', { ...constant, current: { rows: 30, of: 1000 } });
    expect(withQuality(told, [quiet], sizes, settings).verdict).toBe(told);
  });

  test('share one alpha: what suffices alone does not among a thousand', () => {
    const weak = fact('almost-constant', { ...constant, current: { rows: 2, of: 1000 } }, almost);
    const idle = Array.from({ length: 999 }, (_, i) =>
      fact('almost-constant', { ...constant, current: { rows: 400, of: 1000 } }, { column: `c${i}` }),
    );
    const alone: QualityFact = { ...weak, evidence: { ...constant, current: { rows: 2, of: 1000 } } };
    expect(withQuality(told, [alone], sizes, settings).verdict.findings).toHaveLength(1);
    expect(withQuality(told, [alone, ...idle], sizes, settings).verdict.findings).toHaveLength(0);
  });

  test('too few rows: measured, and nothing said', () => {
    const small = { reference: 50, current: 50 };
    const { verdict, results } = withQuality(told, [almost], small, settings);
    expect(verdict).toBe(told);
    expect(results).toMatchObject([{ logP: null, severity: null }]);
  });

  test('a name in common needs no rows', () => {
    const renamed = fact(
      'renamed-columns',
      { form: 'resemblance', sameName: true, cells: null, missing: 'x', added: 'X' },
      { detail: { newName: 'X', sameName: true } },
    );
    const { verdict } = withQuality(told, [renamed], { reference: 5, current: 5 }, settings);
    expect(verdict.findings).toMatchObject([
      {
        code: 'COLUMN_RENAMED',
        message:
          '"x" is missing and "X" is new: did it get renamed to "X"? the names differ in case and punctuation only',
      },
    ]);
  });
});
