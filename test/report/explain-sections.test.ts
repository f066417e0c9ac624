import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/report/display-width.ts';
import { explain } from '../../src/report/explain.ts';
import { explainedSections } from '../../src/report/explain-sections.ts';
import { hiding, nastyTexts } from '../support/hostile.ts';
import { withLayers } from '../support/layers.ts';
import { buildReport, columnPlans, hostilePlans } from '../support/report-builder.ts';

const plain = { color: false, width: 80 };
const report = withLayers(buildReport());

describe('the parts of a report', () => {
  it.each([
    [
      'time',
      [
        '"annual_income" since 2026-11-06.',
        '1,042 of 19,990 rows',
        'No row from 2026-11-02 03:00 to 2026-11-02 19:30 UTC',
        'too few rows',
      ],
    ],
    [
      'outcomes',
      ['31,204 of 41,327 rows of the reference', '9.1 %', 'warn', 'Estimated without labels', '10,123 did not'],
    ],
    ['segments', ['3 of 6 segments', '20,000', 'vanished', '70 % of φ² 0.42', 'Not split: No.']],
    [
      'predictions',
      [
        'one probability a class',
        '0.91',
        'fell by 22 %',
        '21.5 % to 22.4 %',
        'outside 0 … 1',
        '2.9 %',
        'not tested: No.',
        '53.2 %',
        'found -0.2 to',
        'proven to be more than that since 2026-11-06 (p',
        '2026-11-10 to 2026-11-11 3,990 0.528 50.1 % proven',
      ],
    ],
    ['ranking', ['share of all', 'weighted back', '60 %', '31,204', '1.2 %', 'an association, not a cause']],
    ['service', ['148.8', 'missed', 'p95 93', '3 % errors', '0.0478 rows a second']],
  ])('%s is told in words and numbers', (name, parts) => {
    const text = explain(report, name, plain).replaceAll(/\s+/g, ' ');
    for (const part of parts) expect(text).toContain(part);
    expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\bnull\b|\[object /);
  });

  it.each(Object.keys(explainedSections))('%s of a report without it is refused in one line', (name) => {
    expect(() => explain(buildReport(), name, plain)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_COLUMN',
        message: expect.stringMatching(
          new RegExp(`^the report has nothing of ${name}, and no column of that name; it needs`),
        ),
      }),
    );
  });

  it('gives way to a column of the same name', () => {
    const named = withLayers(buildReport({ columns: [{ ...columnPlans[1]!, name: 'time' }] }));
    expect(explain(named, 'time', plain)).toContain('What was compared');
  });

  it.each(Object.keys(explainedSections))('%s hides nothing and keeps to its width, whatever the names', (name) => {
    for (const texts of [nastyTexts.slice(0, 30), nastyTexts.slice(30)]) {
      const hostile = withLayers(buildReport({ columns: hostilePlans(texts) }), { texts });
      const text = explain(hostile, name, plain);
      expect(hiding.exec(text)?.[0]).toBeUndefined();
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    }
  });
});
