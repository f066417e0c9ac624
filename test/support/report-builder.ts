import type { Kind } from '../../src/model/measure.ts';
import type { ColumnProfile, NumericProfile, Role } from '../../src/model/profile.ts';
import type { Distribution, Report, ReportColumn, ReportedMeasure } from '../../src/model/report.ts';
import type { DatasetInfo } from '../../src/model/run.ts';
import type { Severity } from '../../src/model/settings.ts';
import type { Finding, FindingCode, GatingMeasure, JudgedTest, Outcome } from '../../src/model/verdict.ts';
import { withLayers } from './layers.ts';
import { asPublished } from './published-schema.ts';

/** Realistic, deterministic reports: the same plan gives the same bytes. */

const referenceRows = 250_000;
const currentRows = 41_327;

/** Names and values as a hostile log would hold them. */
export const hostileTexts: readonly string[] = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '`$' + '{alert(1)}`',
  '<!-- --><style>*{display:none}</style>',
  '\u202egnp.exe\u202c',
  '\u001b[31mred\u001b[0m\u001b[2J\u001b]0;title\u0007',
  'nul\u0000inside',
  'line\nbreak\r\ttab',
  'lone \ud800 and \udc00 surrogates',
  '价格（日本円）と、とても長い列名',
  '👩‍👩‍👧‍👦 family 🏳️‍🌈 👍🏽 🫠',
  'zalgo z̸̛͎a̴̡l̵g̶o',
  '&amp;&lt;&#60;',
  '__proto__',
  '',
  ' ',
  'مرحبا שלום',
  'x'.repeat(10_000),
  '字'.repeat(5_000),
];

export interface ColumnPlan {
  readonly name: string;
  readonly kind: Kind;
  readonly outcome: Outcome;
  readonly role?: Role;
  /** 0 unchanged … 1 moved by a standard deviation */
  readonly shift?: number;
  readonly findings?: readonly FindingCode[];
  readonly labels?: readonly string[];
  readonly reason?: string;
  readonly error?: string;
  readonly missing?: 'reference' | 'current';
}

export const columnPlans: readonly ColumnPlan[] = [
  { name: 'customer.segment', kind: 'categorical', outcome: 'drift', missing: 'current', findings: ['COLUMN_MISSING'] },
  { name: 'annual_income', kind: 'numeric', outcome: 'drift', shift: 0.8, findings: ['DRIFT_FAIL', 'OUT_OF_RANGE'] },
  { name: 'y_pred', kind: 'boolean', role: 'prediction', outcome: 'drift', shift: 0.5, findings: ['DRIFT_FAIL'] },
  {
    name: 'merchant_category',
    kind: 'categorical',
    outcome: 'drift',
    shift: 0.5,
    findings: ['DRIFT_WARN', 'UNSEEN_CATEGORIES'],
    labels: ['groceries', 'fuel', 'restaurants', 'travel', 'electronics', 'clothing', 'health', 'rent', 'other'],
  },
  { name: 'score', kind: 'numeric', role: 'score', outcome: 'drift', shift: 0.35, findings: ['DRIFT_WARN'] },
  { name: 'referral_code', kind: 'text', outcome: 'drift', shift: 0.1, findings: ['NULLS_UP'] },
  {
    name: 'account_age_days',
    kind: 'numeric',
    outcome: 'undetermined',
    shift: 0.25,
    reason: 'neither above nor below the tolerance',
  },
  {
    name: 'last_login',
    kind: 'datetime',
    outcome: 'undetermined',
    shift: 0.3,
    reason: 'beyond the tolerance, but the reference varies as much',
  },
  {
    name: 'device_fingerprint',
    kind: 'categorical',
    outcome: 'undetermined',
    reason: 'could not be measured',
    error: 'out of memory while counting values',
  },
  { name: 'age', kind: 'numeric', outcome: 'stable', shift: 0.05, findings: ['NEW_VALUES_NOTED'] },
  { name: 'is_returning', kind: 'boolean', outcome: 'stable', shift: 0.02 },
  {
    name: 'country',
    kind: 'categorical',
    outcome: 'stable',
    shift: 0.03,
    labels: ['DE', 'FR', 'IT', 'ES', 'NL', 'PL', 'SE', 'other'],
  },
  { name: 'comment', kind: 'text', outcome: 'stable', shift: 0.04 },
  {
    name: 'event_time',
    kind: 'datetime',
    role: 'timestamp',
    outcome: 'not-tested',
    reason: 'the timestamp always moves',
  },
  { name: 'request_id', kind: 'text', role: 'id', outcome: 'not-tested', reason: 'an identifier: every value differs' },
  { name: 'embedding', kind: 'embedding', outcome: 'not-tested', reason: 'lists are not supported yet' },
  { name: 'payload', kind: 'unsupported', outcome: 'not-tested', reason: 'BLOB is not supported' },
  {
    name: 'beta_flag',
    kind: 'boolean',
    outcome: 'not-tested',
    missing: 'reference',
    findings: ['NEW_COLUMN'],
    reason: 'not in the reference',
  },
];

export interface ReportPlan {
  readonly columns?: readonly ColumnPlan[];
  readonly status?: Report['gate']['status'];
  readonly notes?: readonly string[];
}

/** n columns as a wide production table would give them: some of everything, most of it stable. */
export function widePlans(n: number): ColumnPlan[] {
  const kinds: readonly Kind[] = [
    'numeric',
    'numeric',
    'numeric',
    'categorical',
    'boolean',
    'numeric',
    'datetime',
    'text',
  ];
  const plans: ColumnPlan[] = [...columnPlans.slice(0, Math.min(n, columnPlans.length))];
  for (let i = plans.length; i < n; i++) {
    const kind = kinds[i % kinds.length]!;
    const outcome: Outcome = i % 11 === 0 ? 'undetermined' : 'stable';
    plans.push({ name: `feature_${String(i).padStart(3, '0')}`, kind, outcome, shift: 0.01 + (i % 7) / 100 });
  }
  return plans;
}

/** Every hostile text as the name, the categories and the messages of a column. */
export function hostilePlans(texts: readonly string[] = hostileTexts): ColumnPlan[] {
  const kinds: readonly Kind[] = ['categorical', 'numeric', 'text', 'boolean'];
  const outcomes: readonly Outcome[] = ['drift', 'undetermined', 'stable', 'not-tested'];
  return texts.map((name, i) => {
    const outcome = outcomes[i % 4]!;
    return {
      name,
      kind: kinds[Math.floor(i / 4) % 4]!,
      outcome,
      shift: 0.4,
      labels: [name, ...texts.filter((text) => text !== name).slice(0, 5)],
      reason: name,
      ...(outcome === 'drift' ? { findings: ['DRIFT_FAIL', 'UNSEEN_CATEGORIES'] as const } : {}),
      ...(i % 8 === 1 ? { error: name } : {}),
    };
  });
}

export function buildReport(plan: ReportPlan = {}): Report {
  return asPublished(invent(plan));
}

function invent(plan: ReportPlan): Report {
  const plans = plan.columns ?? columnPlans;
  const order: readonly Outcome[] = ['drift', 'undetermined', 'stable', 'not-tested'];
  const columns = plans
    .map((column, i) => buildColumn(column, i))
    .sort(
      (a, b) =>
        order.indexOf(a.outcome) - order.indexOf(b.outcome) ||
        (a.severity ?? 'P9').localeCompare(b.severity ?? 'P9') ||
        (b.gating?.phiSquared ?? 0) - (a.gating?.phiSquared ?? 0),
    );
  const findings = columns.flatMap((column) => column.findings).sort((a, b) => a.severity.localeCompare(b.severity));
  const breaching = findings.filter((finding) => finding.severity !== 'P3').length;
  const status = plan.status ?? (breaching > 0 ? 'breach' : 'pass');
  const count = (outcome: Outcome) => columns.filter((column) => column.outcome === outcome).length;
  return {
    schemaVersion: 1,
    tool: { name: 'driftgate', version: '0.1.0', engine: 'DuckDB v1.5.6' },
    gate: {
      status,
      exitCode: status === 'pass' ? 0 : status === 'breach' ? 1 : 2,
      reason: {
        pass: `no finding at P2 or worse in ${columns.length} columns`,
        breach: `${breaching} findings at P2 or worse, the first: ${findings[0]?.message.slice(0, 90) ?? ''}`,
        'no-verdict': 'the current side has 12 rows; at least 100 are needed',
      }[status],
      failOn: 'P2',
      counts: {
        stable: count('stable'),
        drift: count('drift'),
        undetermined: count('undetermined'),
        'not-tested': count('not-tested'),
      },
    },
    findings,
    columns,
    datasets: {
      reference: dataset(['data/train-2026-10.parquet'], referenceRows, columns.length),
      current: dataset(
        Array.from({ length: 5 }, (_, day) => `logs/2026-11-0${day + 1}.parquet`),
        currentRows,
        columns.length,
      ),
    },
    method: {
      alpha: 0.01,
      familySize: columns.reduce((sum, column) => sum + column.tests.length, 0),
      noise:
        'noise between periods from 30 windows of 1 day of the reference; would have fired on 0 of 30 clean windows',
      periods: {
        column: 'event_time',
        windows: 30,
        windowSeconds: 86_400,
        batchSeconds: 86_211,
        outsideRows: 12,
        samePhase: null,
        strength: 'full',
        backTest: { windows: 30, fired: 0 },
      },
    },
    config: {
      file: 'driftgate.yaml',
      sha256: hash(7),
      values: {
        alpha: 0.01,
        gate: { fail_on: 'P2', min_rows: 100, strict: false },
        columns: { y_pred: { role: 'prediction' }, annual_income: { tolerance: { warn: { phi_squared: 0.1 } } } },
      },
    },
    notes: plan.notes ?? [
      'column "event_time" was taken as the timestamp because of its name',
      'rows outside the 0.1–99.9 % range of the timestamps: 12',
    ],
    run: { startedAt: '2026-11-06T06:30:04.000Z', durationMs: 4183, threads: 4 },
  };
}

/** The same column as judged by a measure of the user's choice. */
export function withOwnMeasure(column: ReportColumn): ReportColumn {
  const measure = {
    id: 'wasserstein',
    title: 'Wasserstein',
    scale: 'divided by σ',
    statistic: 0.8123,
    certain: null,
    interval: [0.7712, 0.8534],
    tolerance: { warn: 0.1, fail: 0.25 },
    method: 'a seeded bootstrap',
  } as const;
  const { statistic, interval, tolerance } = measure;
  const findings = column.findings.map((finding) =>
    finding.code === 'DRIFT_FAIL' || finding.code === 'DRIFT_WARN'
      ? {
          ...finding,
          message: `"${column.name}" drifted: Wasserstein (divided by σ) ${statistic} is above the fail tolerance ${tolerance.fail}`,
          data: {
            by: 'measure',
            measure: measure.id,
            title: measure.title,
            statistic,
            lower: interval[0],
            upper: interval[1],
            tolerance: tolerance.fail,
          },
        }
      : finding,
  );
  return { ...column, gating: column.gating && { ...column.gating, measure }, findings };
}

function dataset(paths: readonly string[], rows: number, columns: number): DatasetInfo {
  return {
    paths: [...paths],
    format: 'parquet',
    files: paths.map((path, i) => ({
      path,
      sizeBytes: 18_734_211 + 731 * i,
      modifiedAt: `2026-11-0${(i % 6) + 1}T02:10:44.000Z`,
      sha256: hash(i + rows),
      hashOf: 'footer',
    })),
    rows,
    where: null,
    rejectedRows: paths.length > 1 ? 3 : 0,
    rejected: paths.length > 1 ? [{ file: paths[1]!, line: 1042, reason: 'expected 21 values, found 20' }] : [],
    dialect: { delimiter: ', (most frequent in the header)', encoding: 'utf-8' },
    columns,
  };
}

function buildColumn(plan: ColumnPlan, index: number): ReportColumn {
  const random = generator(index + 1);
  const role = plan.role ?? 'feature';
  const shift = plan.shift ?? 0.02;
  const tested = plan.outcome !== 'not-tested' && plan.missing === undefined && plan.error === undefined;
  const findings = (plan.findings ?? []).map((code) => buildFinding(code, plan, role, shift));
  const measured =
    plan.missing === undefined && plan.error === undefined && !['embedding', 'unsupported'].includes(plan.kind);
  const distribution = measured ? buildDistribution(plan, shift, random) : null;
  const cells = tested && distribution ? buildCells(distribution) : null;
  const scale = role === 'feature' ? 1 : 0.5;
  const gating: GatingMeasure | null = cells ? buildGating(cells, scale) : null;
  const tests: JudgedTest[] = tested
    ? [
        {
          rule: 'drift',
          logPFail: plan.findings?.includes('DRIFT_FAIL') ? -812.3341234 : -0.0213412,
          logPWarn: plan.outcome === 'drift' ? -1734.1234123 : -0.7241234,
          rejected: plan.findings?.includes('DRIFT_FAIL')
            ? 'fail'
            : plan.findings?.includes('DRIFT_WARN')
              ? 'warn'
              : null,
        },
        {
          rule: 'nulls',
          logPFail: plan.findings?.includes('NULLS_UP') ? -45.12341 : -0.3412341,
          logPWarn: null,
          rejected: plan.findings?.includes('NULLS_UP') ? 'fail' : null,
        },
        ...(plan.kind === 'numeric'
          ? [{ rule: 'range', logPFail: -0.0612341, logPWarn: null, rejected: null } as const]
          : []),
        ...(plan.kind === 'categorical'
          ? [{ rule: 'unseen', logPFail: -2.0612341, logPWarn: null, rejected: null } as const]
          : []),
      ]
    : [];
  return {
    name: plan.name,
    role,
    kind: plan.kind,
    guess: {
      role: role === 'feature' ? null : `the name "${plan.name}" is conventional for a ${role}`,
      kind: plan.kind === 'text' ? 'nearly every value differs' : null,
    },
    type: {
      reference: plan.missing === 'reference' ? null : storedType(plan.kind),
      current: plan.missing === 'current' ? null : storedType(plan.kind),
    },
    outcome: plan.outcome,
    reason:
      plan.reason ??
      {
        stable: 'below the warn tolerance',
        drift: 'beyond the tolerance',
        undetermined: 'could not be told',
        'not-tested': 'not tested',
      }[plan.outcome],
    severity: findings.map((finding) => finding.severity).sort()[0] ?? null,
    findings,
    gating,
    tests,
    measures: measured ? buildMeasures(plan.kind, shift, random) : [],
    reference: plan.missing === 'reference' ? null : buildProfile(plan, referenceRows, 0, random),
    current: plan.missing === 'current' ? null : buildProfile(plan, currentRows, shift, random),
    distribution,
    cells,
    error: plan.error ?? null,
  };
}

const severityOf: Readonly<Record<FindingCode, Severity>> = {
  COLUMN_MISSING: 'P1',
  TYPE_CHANGED: 'P2',
  NEW_COLUMN: 'P3',
  DRIFT_FAIL: 'P2',
  DRIFT_WARN: 'P3',
  MANY_DRIFT_WARN: 'P2',
  PREDICTION_COLLAPSE: 'P1',
  NULLS_UP: 'P2',
  UNSEEN_CATEGORIES: 'P2',
  OUT_OF_RANGE: 'P2',
  CONSTANT_BECAME_VARYING: 'P2',
  VARYING_BECAME_CONSTANT: 'P2',
  NEW_VALUES_NOTED: 'P3',
  DUPLICATE_ROWS: 'P3',
  COLUMN_RENAMED: 'P3',
  MIXED_TYPES: 'P3',
  CARDINALITY_UP: 'P3',
  ALMOST_CONSTANT: 'P3',
  ENTROPY_CHANGED: 'P3',
  PERFORMANCE_DOWN: 'P1',
  PERFORMANCE_SLIPPED: 'P3',
  ESTIMATED_PERFORMANCE_DOWN: 'P2',
  LABELS_BIASED: 'P3',
  LABEL_JOIN: 'P3',
  CONFIDENCE_DOWN: 'P2',
  SCORES_INVALID: 'P2',
  PREDICTIONS_OUT_OF_BOUNDS: 'P2',
  SERVICE_LEVEL_MISSED: 'P2',
  SEGMENT_DRIFT: 'P2',
  DATA_STALE: 'P2',
  TIME_DISORDER: 'P3',
};

function buildFinding(code: FindingCode, plan: ColumnPlan, role: Role, shift: number): Finding {
  const sentences: Partial<Record<FindingCode, string>> = {
    COLUMN_MISSING: `the current data has no column "${plan.name}", which the reference has`,
    DRIFT_FAIL: `"${plan.name}" moved: φ² ${(shift / 2).toFixed(2)} is beyond the fail tolerance 0.25 by more than sampling explains (p 3e-353)`,
    DRIFT_WARN: `"${plan.name}" moved: φ² ${(shift / 2).toFixed(2)} is beyond the warn tolerance 0.1 by more than sampling explains (p 2e-41)`,
    UNSEEN_CATEGORIES: `4.2 % of the rows of "${plan.name}" hold values that the reference never had: "crypto" (1,204 rows), "gambling" (532 rows)`,
    NULLS_UP: `values of "${plan.name}" are missing in 9.1 % of the rows; 2.0 % in the reference`,
  };
  return {
    code,
    severity: severityOf[code],
    column: plan.name,
    role,
    message: sentences[code] ?? `${code.toLowerCase().replaceAll('_', ' ')} in "${plan.name}"`,
    data: { phiSquared: shift / 2, tolerance: 0.25, pValue: 0, level: 'fail', exact: true, since: null },
  };
}

function buildGating(cells: NonNullable<ReportColumn['cells']>, scale: number): GatingMeasure {
  const n = sum(cells.reference);
  const m = sum(cells.current);
  let phiSquared = 0;
  let largest = { cell: '', reference: 0, current: 0 };
  cells.labels.forEach((cell, i) => {
    const p = cells.reference[i]! / n;
    const q = cells.current[i]! / m;
    if (p + q > 0) phiSquared += (2 * (p - q) ** 2) / (p + q);
    if (i === 0 || Math.abs(q - p) > Math.abs(largest.current - largest.reference))
      largest = { cell, reference: p, current: q };
  });
  return {
    phiSquared,
    cells: cells.labels.length,
    samplingVariance: 1 / n + 1 / m,
    largestCellChange: largest,
    tolerance: {
      warn: { phiSquared: 0.1 * scale, cellChange: 0.07 },
      fail: { phiSquared: 0.25 * scale, cellChange: 0.12 },
    },
    smallestProvable: 0.1 * scale + 0.0213417,
    interval: [Math.max(0, phiSquared * 0.93 - 0.002), phiSquared * 1.08 + 0.003],
    noise: {
      windows: 30,
      phiSquared,
      median: 0.0123,
      largest: 0.0412,
      between: 0.0081,
      expected: 0.0192,
      degreesOfFreedom: 1.7,
      overdispersion: 2.3,
      logP: -0.31 - 40 * phiSquared,
    },
  };
}

function buildCells(distribution: Distribution): NonNullable<ReportColumn['cells']> {
  if (distribution.labels) {
    return { labels: distribution.labels, reference: distribution.reference, current: distribution.current };
  }
  // twelve cells from forty
  const labels: string[] = [];
  const reference: number[] = [];
  const current: number[] = [];
  const edges = distribution.edges!;
  const cells = distribution.reference.length;
  for (let k = 0; k < 12; k++) {
    const from = Math.round((k * cells) / 12);
    const to = Math.round(((k + 1) * cells) / 12);
    labels.push(
      k === 0
        ? `below ${round(edges[to]!)}`
        : k === 11
          ? `${round(edges[from]!)} and above`
          : `${round(edges[from]!)} to ${round(edges[to]!)}`,
    );
    reference.push(sum(distribution.reference.slice(from, to)));
    current.push(sum(distribution.current.slice(from, to)));
  }
  return { labels, reference, current };
}

function buildDistribution(plan: ColumnPlan, shift: number, random: () => number): Distribution {
  if (plan.kind === 'categorical' || plan.kind === 'boolean') {
    const labels =
      plan.kind === 'boolean'
        ? ['false', 'true']
        : (plan.labels ?? Array.from({ length: 12 }, (_, i) => `value ${i + 1}`));
    const weights = labels.map((_, i) => 1 / (i + 1.5));
    const moved = weights.map((w, i) => w * (1 + shift * (i % 2 === 0 ? -0.8 : 1.2)));
    return {
      form: 'categories',
      edges: null,
      labels,
      reference: shares(weights, referenceRows),
      current: shares(moved, currentRows),
    };
  }
  const cells = 40;
  const location = plan.kind === 'datetime' ? 1_760_000_000 : plan.kind === 'text' ? 24 : 40_000;
  const spread = plan.kind === 'datetime' ? 900_000 : plan.kind === 'text' ? 6 : 12_000;
  const edges = Array.from({ length: cells + 1 }, (_, i) => round(location + spread * (-3 + (6 * i) / cells)));
  const density = (mean: number) =>
    Array.from(
      { length: cells },
      (_, i) => Math.exp(-0.5 * (-3 + (6 * (i + 0.5)) / cells - mean) ** 2) * (0.9 + 0.2 * random()) + 0.002,
    );
  return {
    form: 'intervals',
    edges,
    labels: null,
    reference: shares(density(0), referenceRows),
    current: shares(density(shift), currentRows),
  };
}

function buildProfile(plan: ColumnPlan, rows: number, shift: number, random: () => number): ColumnProfile {
  const nulls =
    plan.kind === 'boolean'
      ? 0
      : Math.round(rows * (plan.findings?.includes('NULLS_UP') && shift > 0 ? 0.091 : 0.0204) * (0.9 + 0.2 * random()));
  const categorical = plan.kind === 'categorical' || plan.kind === 'boolean';
  const labels = plan.kind === 'boolean' ? ['false', 'true'] : (plan.labels ?? ['value 1', 'value 2']);
  const top = categorical ? labels.map((value, i) => ({ value, rows: Math.round((rows * 0.6) / (i + 1.5)) })) : [];
  const numbers =
    categorical || ['embedding', 'unsupported'].includes(plan.kind) ? null : buildNumbers(plan.kind, shift, random);
  return {
    rows,
    nulls,
    nan: plan.kind === 'numeric' ? Math.round(rows * 0.0001) : 0,
    positiveInfinity: plan.kind === 'numeric' && shift > 0.5 ? 3 : 0,
    negativeInfinity: 0,
    castFailures: plan.kind === 'numeric' && shift > 0.5 ? 17 : 0,
    castFailureExamples: plan.kind === 'numeric' && shift > 0.5 ? ['n/a', '1,200.00 EUR', plan.labels?.[0] ?? '-'] : [],
    distinct: { value: categorical ? labels.length : Math.round(rows * 0.83), exact: categorical },
    mode: categorical ? top[0]! : null,
    top,
    numbers,
  };
}

function buildNumbers(kind: Kind, shift: number, random: () => number): NumericProfile {
  const location = kind === 'datetime' ? 1_760_000_000 : kind === 'text' ? 24 : 40_000;
  const spread = kind === 'datetime' ? 900_000 : kind === 'text' ? 6 : 12_000;
  const at = (z: number) => {
    const value = rounded(location + spread * (z + shift) * (1 + 1e-4 * random()));
    return kind === 'text' ? Math.max(0, Math.round(value)) : kind === 'datetime' ? Math.round(value) : value;
  };
  return {
    min: at(-3.4),
    max: at(3.6),
    mean: at(0),
    std: rounded(spread * (1 + 0.01 * random())),
    skewness: rounded(0.0123412341 + shift),
    kurtosis: -0.1002341234,
    zeros: 12,
    quantiles: {
      q01: at(-2.33),
      q05: at(-1.64),
      q25: at(-0.67),
      q50: at(0.01),
      q75: at(0.68),
      q95: at(1.65),
      q99: at(2.34),
    },
    quantilesExact: kind !== 'numeric',
  };
}

function buildMeasures(kind: Kind, shift: number, random: () => number): ReportedMeasure[] {
  const common = (
    id: string,
    statistic: number,
    log10P: number | null,
    detail?: ReportedMeasure['detail'],
  ): ReportedMeasure => ({
    id,
    statistic: rounded(statistic),
    pValue: log10P === null ? null : 10 ** log10P,
    log10PValue: log10P,
    exact: true,
    ...(detail ? { detail } : {}),
  });
  const psi = common('population-stability-index', shift / 2 + random() / 1000, null, { smoothing: 0.5, cells: 12 });
  const js = common('jensen-shannon', shift / 4 + random() / 1000, null, { base: 2, form: 'distance' });
  const chi = common('chi-squared', 900 * shift + random(), -12_034 * shift, { degreesOfFreedom: 11 });
  if (kind === 'categorical' || kind === 'boolean') return [psi, js, chi];
  const ks = shift * 0.38 + random() / 1000;
  return [
    psi,
    { ...common('kolmogorov-smirnov', ks, -2_034 * shift), exact: false, interval: [ks - 0.0013, ks + 0.0021] },
    common('wasserstein', shift * 12_000, null, { scaled: shift, scale: 'IQR / 1.349' }),
    js,
    common('mann-whitney', 0.5 + shift / 4, -1_734 * shift, { u: 1.23e10 }),
    chi,
  ];
}

function storedType(kind: Kind): string {
  return {
    numeric: 'DOUBLE',
    categorical: 'VARCHAR',
    boolean: 'BOOLEAN',
    datetime: 'TIMESTAMP',
    text: 'VARCHAR',
    embedding: 'FLOAT[]',
    unsupported: 'BLOB',
  }[kind];
}

/** mulberry32 */
function generator(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function hash(seed: number): string {
  const random = generator(seed);
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');
}

function shares(weights: readonly number[], rows: number): number[] {
  const total = sum(weights);
  return weights.map((weight) => Math.round((rows * weight) / total));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** As a profile holds numbers that come from sums. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}

/** With everything that a report may hold. */
export const fullReport: Report = (() => {
  const report = buildReport();
  const columns = report.columns.map((column, i) => ({
    ...(i === 1 ? withOwnMeasure(column) : column),
    ...(column.gating === null ? {} : { qValue: 0.25 }),
    measures: column.measures.map((measure) => ({
      ...measure,
      exact: false,
      interval: [measure.statistic, measure.statistic] as const,
      detail: { at: 3, current: 'larger' },
    })),
  }));
  const entropy = {
    id: 'entropy',
    column: 'annual_income',
    reference: 3.1,
    current: 2.2,
    threshold: 0.5,
    logP: -12,
    severity: 'P3',
    detail: { bits: 1 },
  } as const;
  return withLayers({ ...report, columns, quality: [entropy] });
})();

/** With nothing that a report may be without: as the first driftgate of this contract wrote it. */
export const bareReport: Report = (() => {
  const { quality: _, time, outcomes, predictions, segments, ranking, service, ...report } = fullReport;
  const columns = report.columns.map(({ qValue: __, windows, gating, measures, ...column }) => {
    const { measure: ___, ...own } = gating ?? {};
    return {
      ...column,
      gating: gating && { ...(own as typeof gating), noise: null },
      measures: measures.map(({ interval: ____, detail: _____, ...measure }) => measure),
    };
  });
  return asPublished({ ...report, columns });
})();
