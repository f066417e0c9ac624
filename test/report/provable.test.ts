import { expect, test } from 'vitest';
import type { ReportColumn } from '../../src/model/report.ts';
import { provable } from '../../src/report/words.ts';
import { buildReport } from '../support/report-builder.ts';

const [column] = buildReport().columns.filter(({ gating }) => gating !== null && gating.measure === undefined);
const undetermined = (phiSquared: number, smallestProvable: number): ReportColumn => ({
  ...column!,
  outcome: 'undetermined',
  gating: { ...column!.gating!, phiSquared, smallestProvable },
});

test('what a batch of this size could have proven', () => {
  expect(provable(undetermined(0.019, 0.163))).toBe('φ² 0.019, provable from 0.163');
  expect(provable(undetermined(0.019, 4))).toBe('φ² 0.019, nothing provable');
});

// "φ² 0.179, provable from 0.155" contradicts itself: it is provable alone, and not among all the questions of the run
test('what was large enough alone is not said to be provable', () => {
  expect(provable(undetermined(0.179, 0.155))).toBe('φ² 0.179, not proven');
});
