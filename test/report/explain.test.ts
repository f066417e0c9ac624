import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DriftError } from '../../src/model/errors.ts';
import type { QualityResult } from '../../src/model/quality.ts';
import type { Report, ReportColumn } from '../../src/model/report.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { explain, explainColumn, explainGate, yamlKey } from '../../src/report/explain.ts';
import { parseReport, renderJson } from '../../src/report/json.ts';
import { shiftOf, shiftWords } from '../../src/report/scale.ts';
import { nastyTexts } from '../support/hostile.ts';
import { buildReport, hostilePlans, widePlans } from '../support/report-builder.ts';

const plain = { color: false, width: 80 };

const quality: readonly QualityResult[] = [
  {
    id: 'duplicate-rows',
    column: null,
    reference: 0,
    current: 0.0214,
    threshold: 0.01,
    logP: -31.2,
    severity: 'P3',
    detail: { by: 'whole rows' },
  },
  {
    id: 'missing-columns',
    column: null,
    reference: null,
    current: 1,
    threshold: null,
    logP: null,
    severity: null,
    detail: {},
  },
  {
    id: 'cardinality',
    column: 'merchant_category',
    reference: 9,
    current: 31,
    threshold: 2,
    logP: -9.1,
    severity: 'P3',
    detail: {},
  },
  {
    id: 'entropy',
    column: 'merchant_category',
    reference: 2.61,
    current: 2.94,
    threshold: 0.5,
    logP: 0,
    severity: null,
    detail: {},
  },
  {
    id: 'almost-constant',
    column: 'age',
    reference: 0.031,
    current: 0.034,
    threshold: 0.99,
    logP: 0,
    severity: null,
    detail: {},
  },
];
const typical: Report = { ...buildReport(), quality };

describe('explainColumn, told for each kind of outcome', () => {
  it.each([
    ['drift', 'annual_income'],
    ['drift-of-a-category', 'merchant_category'],
    ['drift-of-a-prediction', 'y_pred'],
    ['nulls', 'referral_code'],
    ['missing', 'customer.segment'],
    ['undetermined', 'account_age_days'],
    ['error', 'device_fingerprint'],
    ['stable', 'age'],
    ['not-tested', 'request_id'],
    ['new', 'beta_flag'],
  ])('%s', async (file, name) => {
    await expect(explainColumn(typical, name, plain)).toMatchFileSnapshot(`explain/${file}.txt`);
  });

  it('survives the way through JSON, and needs nothing but the report', () => {
    const saved = parseReport(renderJson(typical));
    for (const { name } of typical.columns) {
      expect(explainColumn(saved, name, plain)).toBe(explainColumn(typical, name, plain));
    }
  });

  it('works on a report of before data quality was kept', () => {
    const { quality: _, ...older } = typical;
    expect(explainColumn(older, 'age', plain)).not.toContain('Data quality');
    expect(explainGate(older, plain)).not.toContain('Data quality');
  });
});

describe('a column with a gating measure of its own', () => {
  const column = typical.columns.find(({ name }) => name === 'annual_income')!;
  const own = {
    id: 'wasserstein',
    title: 'Wasserstein',
    scale: 'divided by the interquartile range / 1.349',
    statistic: 0.8123,
    certain: null,
    interval: [0.7712, 0.8534],
    tolerance: { warn: 0.1, fail: 0.25 },
    method: 'a seeded bootstrap',
  } as const;
  const report: Report = {
    ...typical,
    columns: [{ ...column, gating: { ...column.gating!, measure: own } }],
  };

  it('is told on its own scale, with the lines that raise its own tolerance', async () => {
    const text = explainColumn(report, 'annual_income', plain);
    await expect(text).toMatchFileSnapshot('explain/own-measure.txt');
    expect(text).toContain(
      '\n        gate:\n          measure: wasserstein\n          warn: 0.86\n          fail: 0.86\n',
    );
  });
});

describe('explainGate', () => {
  it.each([
    ['gate-breach', typical],
    ['gate-pass', { ...buildReport({ columns: widePlans(40).filter(({ outcome }) => outcome !== 'drift') }), quality }],
    ['gate-no-verdict', buildReport({ status: 'no-verdict', columns: [] })],
  ])('%s', async (file, report) => {
    await expect(explainGate(report, plain)).toMatchFileSnapshot(`explain/${file}.txt`);
  });

  it('is what is explained when no column is named', () => {
    expect(explain(typical, null, plain)).toBe(explainGate(typical, plain));
    expect(explain(typical, 'age', plain)).toBe(explainColumn(typical, 'age', plain));
  });
});

describe('an unknown column', () => {
  it.each([
    ['anual_income', 'did you mean "annual_income"?'],
    ['AGE', 'did you mean "age"?'],
    ['nothing like it', 'it has 18 columns, e.g. "customer.segment"'],
    ['\u001b[2J', 'no column of the report is called "\\u001b[2J"'],
  ])('%j names the nearest, or some', (name, hint) => {
    let error: unknown;
    try {
      explainColumn(typical, name, plain);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(DriftError);
    expect(error).toMatchObject({ code: 'UNKNOWN_COLUMN' });
    expect((error as DriftError).message).toContain(hint);
  });

  it('is not found on the prototype', () => {
    expect(() => explainColumn(typical, 'constructor', plain)).toThrow(DriftError);
  });
});

describe('the places in the family', () => {
  const test = (rule: 'drift' | 'nulls', logP: number, rejected: 'fail' | 'warn' | null) =>
    ({ rule, logPFail: logP, logPWarn: rule === 'drift' ? logP * 2 : null, rejected }) as const;
  const column = (name: string, tests: ReportColumn['tests']): ReportColumn => ({
    ...typical.columns.find((candidate) => candidate.name === 'annual_income')!,
    name,
    tests,
  });
  const report: Report = {
    ...typical,
    method: { ...typical.method, alpha: 0.01, familySize: 4 },
    columns: [
      column('a', [test('drift', Math.log(1e-9), 'fail'), test('nulls', Math.log(0.5), null)]),
      column('b', [test('drift', Math.log(0.004), 'warn'), test('nulls', Math.log(1e-4), 'fail')]),
    ],
  };

  it('say what each p had to be: alpha over the questions left', () => {
    const unwrapped = (name: string) => explainColumn(report, name, { color: false, width: 400 });
    expect(unwrapped('a')).toContain('at fail: p = 1e-9, no. 1 of 4 in the run, had to be at most 0.01/4 = 0.0025');
    expect(unwrapped('b')).toContain('p = 1e-4, no. 2 of 4 in the run, had to be at most 0.01/3 = 0.0033');
    expect(unwrapped('b')).toContain('at fail: p = 0.004, no. 3 of 4 in the run, had to be at most 0.01/2 = 0.005');
    // two are rejected at fail: their shares went to the two others
    expect(unwrapped('b')).toContain('at warn: p = 1.6e-5, had to be at most 0.01/2 = 0.005');
  });
});

describe('the lines for driftgate.yaml', () => {
  const lines = (text: string): unknown => {
    const block = text.split('\n').filter((line) => line.startsWith('    '));
    const start = block.findIndex((line) => line.trim() === 'columns:');
    const end = block.findIndex((line, i) => i > start && line.trim() === 'columns:');
    return parse(block.slice(start, end < 0 ? undefined : end).join('\n'));
  };

  it('raise the tolerance above what was seen, to the right column', () => {
    const { gating } = typical.columns.find(({ name }) => name === 'annual_income')!;
    const { columns } = lines(explainColumn(typical, 'annual_income', plain)) as {
      columns: Record<string, { tolerances: { warn: { phi_squared: number; cell_change: number } } }>;
    };
    const { warn } = columns.annual_income!.tolerances;
    expect(warn.phi_squared).toBeGreaterThanOrEqual(gating!.interval[1]);
    expect(warn.phi_squared).toBeLessThanOrEqual(1.2 * gating!.interval[1]);
    const { reference, current } = gating!.largestCellChange!;
    expect(warn.cell_change).toBeGreaterThan(Math.abs(current - reference));
    expect(warn.cell_change).toBeLessThanOrEqual(1);
  });

  it.each(nastyTexts.filter((text) => text.length < 1000))('name %j as YAML reads it back', (name) => {
    const text = `${yamlKey(name)}: 1`;
    expect(text).toMatch(/^[ -~]*$/);
    expect(Object.entries(parse(text) as object)).toEqual([[name, 1]]);
  });

  it('hold for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        expect(Object.keys(parse(`${yamlKey(name)}: 1`) as object)).toEqual([name]);
      }),
    );
  });
});

describe('every line', () => {
  const hostile = { ...buildReport({ columns: hostilePlans(nastyTexts) }), quality };
  const reports = [typical, hostile, buildReport({ columns: widePlans(60) })];

  it.each([40, 60, 80, 120])('fits %i columns, whatever the names and values', (width) => {
    for (const report of reports) {
      for (const name of [null, ...report.columns.map((column) => column.name)]) {
        const text = explain(report, name, { color: false, width });
        for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(text).not.toMatch(/NaN|undefined|Infinity|\bnull %/);
      }
    }
  });

  it('fits for any name and reason', () => {
    const [first, ...rest] = typical.columns;
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 40, max: 200 }),
        (name, reason, width) => {
          const report = { ...typical, columns: [{ ...first!, name, reason }, ...rest] };
          for (const asked of [null, name]) {
            for (const line of explain(report, asked, { color: false, width }).split('\n')) {
              expect(displayWidth(line), line).toBeLessThanOrEqual(width);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says the same with colours as without', () => {
    const colored = explainColumn(typical, 'annual_income', { color: true, width: 80 });
    expect(colored).toContain('\u001b[1m');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(explainColumn(typical, 'annual_income', plain));
  });
});

describe('φ² in words', () => {
  it.each([
    [0.1, 0.3267, 0.1298],
    [0.25, 0.5259, 0.2074],
    // between two rows of the table, by solving φ²(s) for a normal column
    [0.07, 0.2724, 0.1083],
    [0.7, 0.9277, 0.3573],
  ])('%d is a shift of %d σ, %d of the rows', (phiSquared, sigmas, rowsMoved) => {
    expect(Math.abs(shiftOf(phiSquared)!.sigmas / sigmas - 1)).toBeLessThan(0.01);
    expect(Math.abs(shiftOf(phiSquared)!.rowsMoved / rowsMoved - 1)).toBeLessThan(0.01);
  });

  it('grows with φ², and says so beyond the table', () => {
    expect(shiftWords(0.1)).toBe('a mean shift of 0.33 σ (13 % of the rows moved)');
    expect(shiftWords(0.0001)).toBe('a mean shift of less than 0.03 σ');
    expect(shiftWords(3.9)).toBe('a mean shift of more than 3 σ');
    const grid = Array.from({ length: 300 }, (_, i) => shiftOf(0.001 + i * 0.00999)!.sigmas);
    for (let i = 1; i < grid.length; i++) expect(grid[i]!).toBeGreaterThan(grid[i - 1]!);
  });
});

// the interval of the part stood beside the change of the whole: 5.6 points of 11.2 to 12.2
it('tells the numbers of the part that drifted apart from those of the whole', () => {
  const report = buildReport();
  const column = report.columns.find(({ findings }) => findings.some(({ code }) => code === 'DRIFT_FAIL'))!;
  const findings = column.findings.map((finding) => ({
    ...finding,
    data: { ...finding.data, cellChangeLower: 0.11, cellChangeUpper: 0.12, part: 'suffix', since: '2026-11-06' },
  }));
  const whole = explainColumn(report, column.name, plain);
  const columns = report.columns.map((other) => (other === column ? { ...column, findings } : other));
  const text = explainColumn({ ...report, columns } as Report, column.name, plain);
  expect(whole).not.toContain('which decided');
  const [, part, rest] =
    /Since 2026-11-06, which decided[\s\S]*?\n( +moved[\s\S]*?)The batch as a whole:\n([\s\S]*)/.exec(text)!;
  expect(part).toContain('11 … 12');
  expect(rest).not.toContain('11 … 12');
});
