import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnEvidence } from '../../src/model/evidence.ts';
import { type Role, roles } from '../../src/model/profile.ts';
import type { VerdictSettings } from '../../src/model/settings.ts';
import type { ColumnVerdict, FindingCode, Verdict } from '../../src/model/verdict.ts';
import { judge } from '../../src/verdict/judge.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';
import { columnOf } from '../support/evidence.ts';
import { Random } from '../support/random.ts';
import { cleanDataset } from './datasets.ts';

const thousand = { reference: 1000, current: 1000 };
const settings = defaultVerdictSettings;

const run = (columns: readonly ColumnEvidence[], changed: Partial<VerdictSettings> = {}, sizes = thousand): Verdict =>
  judge(columns, sizes, { ...settings, ...changed });
const only = (column: ColumnEvidence, changed: Partial<VerdictSettings> = {}, sizes = thousand): ColumnVerdict =>
  run([column], changed, sizes).columns[0]!;
const codes = ({ findings }: Pick<Verdict, 'findings'>): readonly FindingCode[] => findings.map(({ code }) => code);
const silenced = (...rules: (keyof VerdictSettings['severity'])[]): Partial<VerdictSettings> => ({
  severity: { ...settings.severity, ...Object.fromEntries(rules.map((rule) => [rule, 'off' as const])) },
});

const stable = (name = 'stable', more: Partial<ColumnEvidence> = {}) =>
  columnOf(name, [250, 250, 250, 250], [251, 249, 252, 248], more);
const failing = (name = 'failing', more: Partial<ColumnEvidence> = {}) =>
  columnOf(name, [250, 250, 250, 250], [550, 250, 150, 50], more);
// one cell by 15 points: φ² 0.09, above 7 points and not above 12
const warning = (name = 'warning', more: Partial<ColumnEvidence> = {}) =>
  columnOf(name, [5000, 5000], [650, 350], more);
const open = (name = 'open', more: Partial<ColumnEvidence> = {}) =>
  columnOf(name, [250, 250, 250, 250], [300, 240, 240, 220], more);

describe('the outcome of a column', () => {
  it('is stable when both scales are proven below warn', () => {
    const column = only(stable());
    expect(column.outcome).toBe('stable');
    expect(column.severity).toBeNull();
    expect(column.gating?.interval[1]).toBeLessThan(0.1);
  });

  it('is drift when φ² is proven above fail', () => {
    const column = only(failing());
    expect(column).toMatchObject({ outcome: 'drift', severity: 'P2' });
    expect(column.tests[0]).toMatchObject({ rule: 'drift', rejected: 'fail' });
  });

  it('is drift when one cell is proven above warn, which φ² does not see', () => {
    const column = only(warning());
    expect(column.gating?.phiSquared).toBeLessThan(0.1);
    expect(column).toMatchObject({ outcome: 'drift', severity: 'P3' });
    expect(column.tests[0]).toMatchObject({ rule: 'drift', rejected: 'warn' });
    expect(codes(column)).toEqual(['DRIFT_WARN']);
  });

  it('is undetermined in between, and says what the batch could have proven', () => {
    const column = only(open());
    expect(column.outcome).toBe('undetermined');
    expect(column.reason).toMatch(
      /^too few rows: φ² is below the warn tolerance 0\.1, but the share of "cell 0" may have/,
    );
    const small = only(columnOf('small', [50, 50, 50, 50], [30, 28, 22, 20]), {}, { reference: 200, current: 100 });
    expect(small.outcome).toBe('undetermined');
    expect(small.reason).toMatch(
      /^too few rows: φ² 0\.0\d+ \[0, 0\.\d+\] does not tell .* can only prove φ² above 0\.\d+$/,
    );
  });

  it('says when a column would be drift by itself but is not among so many', () => {
    const column = columnOf('boolean', [500, 500], [650, 350]);
    expect(only(column).outcome).toBe('drift');
    const among = run([column, ...Array.from({ length: 30 }, (_, i) => stable(`s${i}`))]).columns[0]!;
    expect(among.outcome).toBe('undetermined');
    expect(among.reason).toMatch(/^above the warn tolerance by itself, but not proven among all the questions/);
  });

  it('is not stable while a share may have changed by the tolerance, however small φ² is', () => {
    const column = only(columnOf('flag', [500, 500], [520, 480]));
    expect(column.gating?.interval[1]).toBeLessThan(0.1);
    expect(column.outcome).toBe('undetermined');
  });

  it('is drift when a hard rule is broken, though the distribution is stable', () => {
    const missing = { reference: 0, current: 100 };
    expect(only(stable('nulls', { missing }))).toMatchObject({ outcome: 'drift', reason: 'more missing values' });
  });

  it('holds predictions to their own tolerance, and columns to theirs', () => {
    const prediction = { role: 'prediction' } as const;
    const moved = (more: Partial<ColumnEvidence>) =>
      columnOf('x', [2500, 2500, 2500, 2500], [3500, 2500, 2500, 1500], more);
    const sizes = { reference: 10_000, current: 10_000 };
    expect(only(moved({}), {}, sizes).severity).toBe('P3');
    expect(only(moved(prediction), {}, sizes).severity).toBe('P2');
    const own = { columns: { x: { tolerance: { warn: { phiSquared: 0.5, cellChange: 0.5 } } } } };
    expect(only(moved(prediction), own, sizes).outcome).toBe('stable');
  });
});

describe('facts, which need no test', () => {
  const absent = (role: Role) => columnOf('x', [1000], [0], { role, schema: 'missing-in-current', cells: null });

  it.each(['feature', 'segment', 'prediction', 'score'] as const)('a missing %s is P1', (role) => {
    expect(only(absent(role))).toMatchObject({ outcome: 'drift', severity: 'P1' });
    expect(codes(only(absent(role)))).toEqual(['COLUMN_MISSING']);
  });

  it.each(roles.filter((role) => !['feature', 'segment', 'prediction', 'score'].includes(role)))(
    'a missing %s is not tested, and says why',
    (role) => {
      expect(only(absent(role))).toMatchObject({ outcome: 'not-tested', severity: null, findings: [] });
      expect(only(absent(role)).reason).toMatch(
        role === 'label' ? /^labels have not arrived/ : /missing from the current/,
      );
    },
  );

  it('a changed type is P2, tested or not, measurable or not', () => {
    const changed = { schema: 'changed-type', schemaDetail: 'BIGINT became VARCHAR' } as const;
    for (const more of [changed, { ...changed, cells: null, error: 'no' }, { ...changed, notTested: 'text' }]) {
      const column = only(stable('x', more));
      expect(column).toMatchObject({ outcome: 'drift', severity: 'P2' });
      expect(column.findings[0]?.message).toBe('"x" changed its type: BIGINT became VARCHAR');
    }
  });

  it('a new column is listed and, unless asked for, not told', () => {
    const added = columnOf('x', [0], [1000], { schema: 'new-in-current' });
    expect(only(added)).toMatchObject({ outcome: 'not-tested', findings: [] });
    const asked = { severity: { ...settings.severity, new_column: 'P3' as const } };
    expect(codes(only(added, asked))).toEqual(['NEW_COLUMN']);
    expect(only(added, asked).outcome).toBe('not-tested');
  });

  it('a column that failed is undetermined with its error', () => {
    expect(only(stable('x', { error: 'numbers too large' }))).toMatchObject({
      outcome: 'undetermined',
      reason: 'numbers too large',
      tests: [],
    });
  });

  it('a column that is not tested says why, and takes no share of alpha', () => {
    const verdict = run([stable(), stable('text', { notTested: 'free text' }), stable('id', { role: 'id' })]);
    expect(verdict.columns[1]).toMatchObject({ outcome: 'not-tested', reason: 'free text', gating: null });
    expect(verdict.columns[2]?.outcome).toBe('not-tested');
    expect(verdict.method.familySize).toBe(1);
  });
});

describe('one single value', () => {
  const mode = {
    value: 'a',
    referenceRows: 1000,
    referenceOffMode: 0,
    currentRows: 1000,
    currentOffMode: 0,
    currentConstant: true,
    currentValue: 'a',
  };
  const constant = (rows: number, role: Role = 'feature') =>
    columnOf('constant', [1000], [rows], { role, mode: { ...mode, currentRows: rows } });

  it('on both sides is stable from 100 rows on', () => {
    expect(only(constant(100), {}, { reference: 1000, current: 100 }).outcome).toBe('stable');
    expect(only(constant(1000)).reason).toMatch(/^one single value on both sides; φ² 0 \[0, 0\.00921\] is below/);
  });

  it('is not known well enough from fewer, or for the tolerance of a prediction', () => {
    const lowered = { gate: { ...settings.gate, minRows: 10 } };
    expect(only(constant(50), lowered, { reference: 1000, current: 50 }).outcome).toBe('undetermined');
    expect(only(constant(100, 'prediction'), {}, { reference: 1000, current: 100 }).outcome).toBe('undetermined');
    expect(only(constant(1000, 'prediction')).outcome).toBe('stable');
  });

  it('is stable when everything is missing on both sides', () => {
    const missing = { reference: 1000, current: 1000 };
    expect(only(columnOf('empty', [1000], [1000], { missing })).outcome).toBe('stable');
  });

  it('says nothing when nothing was counted beside the one cell', () => {
    const column = only(columnOf('lumped', [1000], [1000]));
    expect(column).toMatchObject({ outcome: 'undetermined', tests: [] });
    expect(column.gating).toMatchObject({ cells: 1, phiSquared: 0, largestCellChange: null });
  });

  it('became varying: one finding, not another for the same rows being new', () => {
    const unseen = {
      referenceRows: 1000,
      currentRows: 1000,
      unseenRows: 50,
      singletons: 0,
      doubletons: 0,
      examples: [],
    };
    const varying = { ...mode, currentOffMode: 50, currentConstant: false };
    const { currentValue: _, ...now } = varying;
    const column = only(columnOf('x', [1000, 0], [950, 50], { mode: now, unseen }));
    expect(column.tests.filter(({ rejected }) => rejected === 'fail').map(({ rule }) => rule)).toContain('unseen');
    expect(codes(column)).toEqual(['CONSTANT_BECAME_VARYING']);
    expect(column.findings[0]?.message).toBe(
      '"x" was "a" in all 1,000 rows of the reference; now 5 % of rows differ (50 of 1,000)',
    );
  });

  it('became another one', () => {
    const column = only(
      columnOf('x', [1000, 0], [0, 1000], { mode: { ...mode, currentOffMode: 1000, currentValue: 'b' } }),
    );
    expect(codes(column)).toEqual(['DRIFT_FAIL', 'CONSTANT_BECAME_VARYING']);
    expect(column.findings[1]?.message).toMatch(/now all 1,000 rows hold "b"$/);
  });

  it('came of what varied: P2 for a feature, P1 for a prediction', () => {
    const varied = { ...mode, referenceOffMode: 100 };
    const column = (role: Role) => only(columnOf('x', [900, 100], [1000, 0], { role, mode: varied }));
    expect(codes(column('feature'))).toContain('VARYING_BECAME_CONSTANT');
    expect(column('feature').severity).toBe('P2');
    expect(codes(column('prediction'))).toContain('PREDICTION_COLLAPSE');
    expect(column('score').severity).toBe('P1');
    expect(column('prediction').findings[0]?.message).toBe(
      'prediction "x" collapsed: all 1,000 rows hold "a"; the reference\'s most frequent value "a" had 90 % of rows',
    );
  });
});

describe('new values', () => {
  const unseen = { referenceRows: 100_000, currentRows: 10_000, singletons: 0, doubletons: 0 };
  const column = (unseenRows: number) =>
    stable('country', { unseen: { ...unseen, unseenRows, examples: [{ value: 'X\u202e', rows: unseenRows }] } });

  it('are told by the hard rule above 1 %', () => {
    const found = only(column(500));
    expect(codes(found)).toEqual(['UNSEEN_CATEGORIES']);
    expect(found.findings[0]?.message).toBe(
      '"country" has values that the reference never had in 5 % of rows (500 of 10,000: "X\\u202e"); ' +
        'above the tolerated 1 % and the 0.001 % that a reference of this size leaves unseen',
    );
  });

  it('are noted below it, which is no drift', () => {
    const noted = only(column(50));
    expect(codes(noted)).toEqual(['NEW_VALUES_NOTED']);
    expect(noted).toMatchObject({ outcome: 'stable', severity: 'P3' });
    expect(noted.tests.find(({ rule }) => rule === 'unseen')?.rejected).toBe('warn');
  });

  it('are worth no line when they are few, or no more than a reference of that size leaves unseen', () => {
    expect(codes(only(column(9)))).toEqual([]);
    const scattered = { ...unseen, unseenRows: 50, singletons: 400, doubletons: 100, examples: [] };
    expect(codes(only(stable('x', { unseen: scattered })))).toEqual([]);
  });

  it('outside the range name the range', () => {
    const outside = {
      referenceRows: 100_000,
      currentRows: 10_000,
      below: 0,
      above: 400,
      referenceMin: -1.5,
      referenceMax: 12_345.678,
      currentMin: 0,
      currentMax: Number.POSITIVE_INFINITY,
    };
    const found = only(stable('amount', { outside }));
    expect(codes(found)).toEqual(['OUT_OF_RANGE']);
    expect(found.findings[0]?.message).toBe(
      '"amount" left its range: 4 % of rows outside -1.5 … 12,345.7 (of 10,000, 400 above, up to ∞); ' +
        'above the tolerated 1 % and the 0.002 % that a reference of this size leaves unseen',
    );
    expect(found.findings[0]?.data.currentMax).toBeNull();
  });
});

describe('many columns at once', () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => warning(`w${i}`));

  it('are a finding of the dataset from the fourth on', () => {
    expect(codes(run(many(3)))).toEqual(['DRIFT_WARN', 'DRIFT_WARN', 'DRIFT_WARN']);
    const verdict = run([...many(7), stable()]);
    expect(verdict.findings[0]).toMatchObject({ code: 'MANY_DRIFT_WARN', severity: 'P2', column: null, role: null });
    expect(verdict.findings[0]?.message).toBe(
      '7 of 8 tested inputs drifted at once, more than 3: look for one cause upstream ("w0", "w1", "w2", "w3", "w4", 2 more)',
    );
    expect(verdict.gate.exitCode).toBe(1);
  });

  it('count inputs only', () => {
    expect(codes(run([...many(3), warning('label', { role: 'label' })]))).not.toContain('MANY_DRIFT_WARN');
  });
});

describe('severity', () => {
  it('sorts the worst first: severity, code, how far beyond, name', () => {
    const verdict = run([
      warning('b'),
      warning('a'),
      failing('mild'),
      columnOf('wild', [250, 250, 250, 250], [900, 50, 30, 20]),
      stable('nulls', { missing: { reference: 0, current: 100 } }),
      columnOf('gone', [1000], [0], { schema: 'missing-in-current', cells: null }),
      stable('type', { schema: 'changed-type' }),
    ]);
    expect(verdict.findings.map(({ code, column }) => `${code} ${column}`)).toEqual([
      'COLUMN_MISSING gone',
      'TYPE_CHANGED type',
      'MANY_DRIFT_WARN null',
      'DRIFT_FAIL wild',
      'DRIFT_FAIL mild',
      'NULLS_UP nulls',
      'DRIFT_WARN a',
      'DRIFT_WARN b',
    ]);
  });

  it('off silences a fact', () => {
    const gone = columnOf('x', [1000], [0], { schema: 'missing-in-current', cells: null });
    expect(only(gone, silenced('column_missing'))).toMatchObject({ outcome: 'not-tested', findings: [] });
    const type = stable('x', { schema: 'changed-type' });
    expect(only(type, silenced('type_changed'))).toMatchObject({ outcome: 'stable', findings: [] });
  });

  it('off does not ask a hard rule, and gives its share of alpha to the others', () => {
    const nulls = stable('x', { missing: { reference: 0, current: 100 } });
    const verdict = run([nulls], silenced('nulls_up'));
    expect(verdict.columns[0]).toMatchObject({ outcome: 'stable', findings: [] });
    expect(verdict.method.familySize).toBe(1);
  });

  it('off for fail leaves warn; off for both leaves the outcome and no finding', () => {
    expect(codes(only(failing(), silenced('drift_fail')))).toEqual(['DRIFT_WARN']);
    const silent = run([failing()], silenced('drift_fail', 'drift_warn'));
    expect(silent.columns[0]).toMatchObject({ outcome: 'drift', severity: null, findings: [] });
    expect(silent.columns[0]?.reason).toBe('drift above the fail tolerance, rule off');
    expect(silent.gate.exitCode).toBe(0);
  });

  it('off for many leaves the columns', () => {
    const many = Array.from({ length: 5 }, (_, i) => warning(`w${i}`));
    expect(codes(run(many, silenced('many_drift_warn')))).toEqual(Array(5).fill('DRIFT_WARN'));
  });

  it('can be raised', () => {
    const raised = { severity: { ...settings.severity, drift_warn: 'P1' as const } };
    expect(only(warning(), raised).severity).toBe('P1');
  });
});

describe('the gate, row by row', () => {
  const gone = columnOf('gone', [1000], [0], { schema: 'missing-in-current', cells: null });
  const type = stable('type', { schema: 'changed-type' });
  const gate = (changed: Partial<VerdictSettings['gate']>) => ({ gate: { ...settings.gate, ...changed } });
  const few = { reference: 1000, current: 99 };
  const none = { reference: 1000, current: 0 };

  it.each([
    ['everything stable', [stable()], {}, thousand, 0, 'no finding at P2 or above'],
    ['something undetermined', [stable(), open()], {}, thousand, 0, 'no finding at P2 or above; 1 column undetermined'],
    ['drift at warn', [warning()], {}, thousand, 0, 'no finding at P2 or above'],
    [
      'drift at warn, failing on P3',
      [warning()],
      gate({ failOn: 'P3' }),
      thousand,
      1,
      '1 finding at P3 or above (1 × P3)',
    ],
    ['drift at fail', [failing(), gone], {}, thousand, 1, '2 findings at P2 or above (1 × P1, 1 × P2)'],
    ['drift at fail, failing on P1', [failing()], gate({ failOn: 'P1' }), thousand, 0, 'no finding at P1'],
    ['strict, undetermined', [open()], gate({ strict: true }), thousand, 2, /^1 column undetermined, which strict/],
    ['strict, all stable', [stable()], gate({ strict: true }), thousand, 0, 'no finding at P2 or above'],
    ['strict, drift and undetermined', [failing(), open()], gate({ strict: true }), thousand, 1, /^1 finding/],
    ['too few current rows', [failing()], {}, few, 2, /^the current data has 99 rows, fewer than the 100/],
    ['too few reference rows', [failing()], {}, { reference: 1, current: 500 }, 2, /^the reference has 1 row, fewer/],
    ['exactly enough rows', [failing()], {}, { reference: 100, current: 100 }, 1, /^1 finding/],
    ['few rows, allowed', [failing()], gate({ minRows: 50 }), few, 1, /^1 finding/],
    ['too few rows and a missing column', [gone, stable()], {}, few, 1, '1 finding at P2 or above (1 × P1)'],
    ['too few rows and a changed type', [type], {}, few, 1, '1 finding at P2 or above (1 × P2)'],
    ['no current rows', [stable()], {}, none, 2, 'the current data has no rows'],
    ['no current rows, any number allowed', [stable()], gate({ minRows: 0 }), none, 2, 'the current data has no rows'],
    ['no current rows and a missing column', [gone], {}, none, 1, /^1 finding/],
    ['no reference rows', [stable()], {}, { reference: 0, current: 1000 }, 2, 'the reference has no rows'],
    ['no columns', [], {}, thousand, 2, 'no column could be measured'],
    ['nothing tested', [stable('id', { role: 'id' })], {}, thousand, 2, 'no column could be measured'],
    [
      'every column failed',
      [stable('x', { error: 'no', cells: null })],
      {},
      thousand,
      2,
      'no column could be measured',
    ],
    ['one column failed', [stable(), stable('x', { error: 'no' })], {}, thousand, 0, /1 column undetermined$/],
  ] as const)('%s', (_, columns, changed, sizes, exitCode, reason) => {
    const verdict = run(columns, changed, sizes);
    expect(verdict.gate.exitCode).toBe(exitCode);
    expect(verdict.gate.status).toBe((['pass', 'breach', 'no-verdict'] as const)[exitCode]);
    if (typeof reason === 'string') expect(verdict.gate.reason).toBe(reason);
    else expect(verdict.gate.reason).toMatch(reason);
  });

  it('asks nothing below min_rows, and shows the measure all the same', () => {
    const verdict = run([failing()], {}, few);
    expect(verdict.method.familySize).toBe(0);
    expect(verdict.columns[0]).toMatchObject({ outcome: 'undetermined', tests: [] });
    expect(verdict.columns[0]?.gating?.phiSquared).toBeGreaterThan(0.25);
  });

  it('counts the outcomes', () => {
    const verdict = run([stable(), stable('s2'), failing(), open(), stable('id', { role: 'id' })]);
    expect(verdict.gate.counts).toEqual({ stable: 2, drift: 1, undetermined: 1, 'not-tested': 1 });
  });
});

/** Every number of a value is finite, and nothing is undefined: what JSON can hold. */
function strictlyJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === undefined) return false;
  return value === null || typeof value !== 'object' || Object.values(value).every(strictlyJson);
}

describe('whatever the counts', () => {
  const rows = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2000 }), fc.nat({ max: 50_000_000 }));
  const odd = fc.oneof(
    { weight: 20, arbitrary: rows },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e300) },
  );
  const pair = fc.tuple(rows, rows).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const any = fc
    .record({
      counts: fc.array(fc.tuple(odd, odd), { maxLength: 12 }),
      role: fc.constantFrom(...roles),
      schema: fc.constantFrom('same', 'same', 'same', 'missing-in-current', 'new-in-current', 'changed-type'),
      missing: fc.option(fc.tuple(pair, pair)),
      unseen: fc.option(fc.tuple(pair, rows)),
      outside: fc.option(fc.tuple(pair, rows, fc.double())),
      mode: fc.option(fc.tuple(pair, pair, fc.boolean())),
    })
    .map(({ counts, role, schema, missing, unseen, outside, mode }): Omit<ColumnEvidence, 'name'> => {
      const base = columnOf(
        '',
        counts.map(([r]) => r),
        counts.map(([, c]) => c),
      );
      return {
        ...base,
        role,
        schema,
        rows: missing ? { reference: missing[0][1], current: missing[1][1] } : base.rows,
        missing: missing && { reference: missing[0][0], current: missing[1][0] },
        unseen: unseen && {
          unseenRows: unseen[0][0],
          currentRows: unseen[0][1],
          referenceRows: unseen[1],
          singletons: Math.floor(unseen[1] / 3),
          doubletons: Math.floor(unseen[1] / 5),
          examples: [],
        },
        outside: outside && {
          below: 0,
          above: outside[0][0],
          currentRows: outside[0][1],
          referenceRows: outside[1],
          referenceMin: -outside[2],
          referenceMax: outside[2],
          currentMin: outside[2],
          currentMax: Number.POSITIVE_INFINITY,
        },
        mode: mode && {
          value: 'a',
          referenceOffMode: mode[0][0],
          referenceRows: mode[0][1],
          currentOffMode: mode[1][0],
          currentRows: mode[1][1],
          currentConstant: mode[2],
        },
      };
    });
  const dataset = fc
    .array(any, { maxLength: 4 })
    .map((columns) => columns.map((column, i): ColumnEvidence => ({ ...column, name: `column ${i}` })));

  it('the verdict holds finite numbers only, and an outcome for every column', () => {
    fc.assert(
      fc.property(dataset, rows, rows, (columns, reference, current) => {
        const verdict = run(columns, {}, { reference, current });
        expect(strictlyJson(verdict)).toBe(true);
        expect(JSON.stringify(verdict)).not.toMatch(/NaN|Infinity|undefined/);
        expect(verdict.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
        for (const column of verdict.columns) {
          expect(column.outcome).toMatch(/^(stable|drift|undetermined|not-tested)$/);
          expect(column.reason).not.toBe('');
          if (column.outcome === 'stable') expect(column.gating).not.toBeNull();
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('a count that is NaN is never stable', () => {
    const column = only(columnOf('x', [500, 500], [Number.NaN, 500]));
    expect(column).toMatchObject({ outcome: 'undetermined', gating: null });
  });
});

it('does not depend on the order of the columns', () => {
  const random = new Random(3);
  const columns = [
    ...cleanDataset(random, { reference: 500, current: 500 }),
    failing(),
    warning('w1'),
    warning('w2'),
    warning('w3'),
    open(),
    columnOf('gone', [1000], [0], { schema: 'missing-in-current', cells: null }),
  ];
  const straight = run(columns);
  expect(straight.findings.length).toBeGreaterThan(4);
  const shuffled = run(
    columns
      .map((column) => ({ column, key: random.uniform() }))
      .sort((a, b) => a.key - b.key)
      .map(({ column }) => column),
  );
  const byName = (verdict: Verdict) => [...verdict.columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(byName(shuffled)).toEqual(byName(straight));
  expect(shuffled.findings).toEqual(straight.findings);
  expect(shuffled.gate).toEqual(straight.gate);
  expect(shuffled.method).toEqual(straight.method);
});
