import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ColumnSettings, Tolerance } from '../../src/model/settings.ts';
import { explainColumn } from '../../src/report/explain.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { checkFiles, columnNamed } from '../support/check.ts';

/** What the explanation tells an operator to write does what it says. */
const file = (name: string) => join(import.meta.dirname, '../../fixtures/credit-scoring', name);

/** The tolerance that an explanation proposes. */
function proposed(text: string, name: string): Tolerance | null {
  const line = text.split('\n').find((candidate) => candidate.trim().startsWith('warn: {'));
  if (line === undefined) return null;
  expect(text).toContain(`\n      ${name}:\n        tolerances:\n`);
  const { warn } = parse(line.trim()) as { warn: { phi_squared: number; cell_change: number } };
  return { phiSquared: warn.phi_squared, cellChange: warn.cell_change };
}

describe('the tolerances that an explanation proposes', () => {
  it.each(['drifted.parquet', 'healthy.parquet'])('end the drift, or the doubt, in %s', async (current) => {
    const before = await checkFiles(file('reference.parquet'), file(current));
    const doubtful = before.columns.filter(
      ({ outcome, tests }) =>
        outcome === 'undetermined' || tests.some(({ rule, rejected }) => rule === 'drift' && rejected !== null),
    );
    if (current.startsWith('drifted')) expect(doubtful.length).toBeGreaterThan(3);
    const columns: Record<string, ColumnSettings> = {};
    for (const { name } of doubtful) {
      const warn = proposed(explainColumn(before, name, { color: false, width: 80 }), name);
      if (warn !== null) columns[name] = { tolerance: { warn } };
    }
    const after = await checkFiles(file('reference.parquet'), file(current), {
      verdict: { ...defaultVerdictSettings, columns },
    });
    for (const name of Object.keys(columns)) {
      const { tests, outcome } = columnNamed(after, name);
      expect(tests.find(({ rule }) => rule === 'drift')?.rejected ?? null, name).toBeNull();
      if (columnNamed(before, name).outcome === 'undetermined') expect(outcome, name).toBe('stable');
    }
  });

  it('leave a column out', async () => {
    const after = await checkFiles(file('reference.parquet'), file('drifted.parquet'), {
      verdict: { ...defaultVerdictSettings, columns: { region: { role: 'ignore' } } },
    });
    expect(columnNamed(after, 'region')).toMatchObject({ outcome: 'not-tested', findings: [] });
  });
});
