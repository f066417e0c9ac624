import type { Kind } from '../model/measure.ts';
import {
  type ColumnProfile,
  type DistinctCount,
  type NumericProfile,
  type Role,
  roles,
  type ValueCount,
} from '../model/profile.ts';
import { type QualityId, type QualityResult, qualityIds } from '../model/quality.ts';
import {
  type Distribution,
  type Report,
  type ReportColumn,
  type ReportedMeasure,
  reportSchemaVersion,
} from '../model/report.ts';
import {
  type ConfigRecord,
  type DatasetInfo,
  type Format,
  formats,
  type InputFile,
  type QueryRecord,
  type RejectedRow,
  type ServerUse,
} from '../model/run.ts';
import type { Severity, Tolerance } from '../model/settings.ts';
import type {
  ColumnWindows,
  Finding,
  FindingCode,
  GateStatus,
  GatingMeasure,
  JudgedTest,
  NoiseSource,
  Outcome,
  OwnMeasure,
  PeriodNoise,
  Verdict,
} from '../model/verdict.ts';
import {
  array,
  boolean,
  bounds,
  constant,
  count,
  type Definitions,
  either,
  type JsonSchema,
  json,
  named,
  nullable,
  number,
  object,
  oneOf,
  record,
  type Shape,
  string,
} from './shape.ts';
import { outcomesShape } from './shapes/outcomes.ts';
import { predictionShape } from './shapes/predictions.ts';
import { rankingShape } from './shapes/ranking.ts';
import { segmentationShape } from './shapes/segments.ts';
import { serviceShape } from './shapes/service.ts';
import { timeShape } from './shapes/time.ts';

export const severity = named(
  'Severity',
  'How soon someone should look.',
  oneOf<Severity>({ P1: 'page someone', P2: 'investigate within hours', P3: 'daily report' }),
);
const role = named('Role', 'What a column is for.', constant<Role>(...roles));
const outcome = named(
  'Outcome',
  'What was decided of a column.',
  oneOf<Outcome>({
    stable: 'proven to be below the warn tolerance',
    drift: 'proven to be beyond a tolerance or a hard rule',
    undetermined: 'too few rows, or not measurable: neither was proven',
    'not-tested': 'shown only, for the stated reason',
  }),
);

export const finding = named(
  'Finding',
  'One thing worth saying.',
  object<Finding>({
    code: [
      oneOf<FindingCode>({
        COLUMN_MISSING: 'the current side lacks the column',
        TYPE_CHANGED: 'the stored type differs',
        NEW_COLUMN: 'the reference lacks the column',
        DRIFT_FAIL: 'drift beyond the fail tolerance',
        DRIFT_WARN: 'drift beyond the warn tolerance',
        MANY_DRIFT_WARN: 'several features beyond the warn tolerance at once',
        PREDICTION_COLLAPSE: 'every prediction is the same',
        NULLS_UP: 'the share of missing values rose',
        UNSEEN_CATEGORIES: 'values that the reference never had',
        OUT_OF_RANGE: 'numbers outside the range of the reference',
        CONSTANT_BECAME_VARYING: 'a constant column varies',
        VARYING_BECAME_CONSTANT: 'a varying column is constant',
        NEW_VALUES_NOTED: 'a few new values, below the hard rule',
        DUPLICATE_ROWS: 'more rows repeat others than in the reference',
        COLUMN_RENAMED: 'a missing column looks like a new one',
        MIXED_TYPES: 'more values read as another type than in the reference',
        CARDINALITY_UP: 'far more distinct values than the rows explain',
        ALMOST_CONSTANT: 'nearly every row holds one value, which the reference does not',
        ENTROPY_CHANGED: 'the variety of the values changed',
        PERFORMANCE_DOWN: 'a metric of the model fell by more than the fail level',
        PERFORMANCE_SLIPPED: 'a metric of the model fell by more than the warn level',
        ESTIMATED_PERFORMANCE_DOWN: 'the performance estimated without labels fell',
        LABELS_BIASED: 'labelled rows differ from unlabelled ones',
        LABEL_JOIN: 'labels that meet no row, or several for one',
        CONFIDENCE_DOWN: 'the mean confidence fell',
        SCORES_INVALID: 'scores that cannot be probabilities or contradict the predicted class',
        PREDICTIONS_OUT_OF_BOUNDS: 'predictions outside the range that was allowed',
        SERVICE_LEVEL_MISSED: 'a service level was missed',
        SEGMENT_DRIFT: 'a segment drifted',
        DATA_STALE: 'the newest row is too old',
        TIME_DISORDER: 'gaps in time, or times in the future',
      }),
      'what was found',
    ],
    severity: [severity, 'how soon someone should look'],
    column: [nullable(string), 'the column; null when it is about the dataset'],
    role: [nullable(role), "the column's role; null when it is about the dataset"],
    message: [string, 'the sentence for people, with the number, the threshold and how it was formed'],
    data: [record(nullable(either(either(number, string), boolean))), 'the numbers of the sentence'],
  }),
);

const tolerance = object<Tolerance>({
  phiSquared: [number, 'largest acceptable φ², on the scale of PSI'],
  cellChange: [number, "largest acceptable change of one cell's share, as a fraction"],
});

const periodNoise = named(
  'PeriodNoise',
  "How much the reference's own windows, as long as the batch, differ in this column; docs/verdict.md has the formulas.",
  object<PeriodNoise>({
    windows: [count, 'windows of the reference that took part'],
    phiSquared: [
      number,
      "φ² of the batch against the whole reference, or against the windows' rows where they share a part of the day or week",
    ],
    median: [number, 'median φ² of a window against the rest of the reference'],
    largest: [number, 'largest φ² of a window against the rest of the reference'],
    between: [number, 's², the noise between windows on the scale of φ², sampling taken out'],
    expected: [number, 'T, the φ² of the batch on average when there is nothing but sampling and this noise'],
    degreesOfFreedom: [number, 'of the numerator of the F law; 1 with fewer than 8 windows'],
    overdispersion: [number, "how many times larger than by sampling the windows' φ² is on average, at least 1"],
    logP: [number, `natural logarithm of the p-value of "no more than the reference's windows differ by"`],
  }),
);

const noiseSource = named(
  'NoiseSource',
  'What the own periods of the reference could say.',
  object<NoiseSource>({
    column: [nullable(string), 'the timestamp column; null when there is none'],
    windows: [count, 'windows of the reference that took part'],
    windowSeconds: [nullable(number), 'length of a window; null when there are none'],
    batchSeconds: [nullable(number), 'from when to when nearly all rows of the batch lie'],
    outsideRows: [
      count,
      'rows of the reference outside the 0.1–99.9 % range of its times, or without a time: in no window',
    ],
    samePhase: [
      nullable(
        oneOf<NonNullable<NoiseSource['samePhase']>>({
          hours: 'all windows cover the same hours of the day as the batch',
          weekdays: 'all windows cover the same days of the week as the batch',
        }),
      ),
      'which part of a rhythm the windows share with the batch; null for none',
    ],
    strength: [
      oneOf<NoiseSource['strength']>({
        none: 'fewer than 3 windows: the noise is unknown',
        direction: '3 to 7 windows: only a strong drift is proven',
        weak: '8 to 11 windows: the noise is weakly known',
        full: '12 windows or more',
      }),
      'how well the noise is known',
    ],
    backTest: [
      nullable(
        object<NonNullable<NoiseSource['backTest']>>({
          windows: [count, 'windows of the reference that were tried as a batch'],
          fired: [count, 'how often the drift rules of the gate would have fired on them'],
        }),
      ),
      "the gate's drift rules, asked of the reference's own windows; null with fewer than 4 windows",
    ],
  }),
);

const ownMeasure = named(
  'OwnMeasure',
  "The measure that the user chose as a column's gate; docs/measure-gate.md has how its p-value is formed and how well it holds.",
  object<OwnMeasure>({
    id: [string, 'e.g. kolmogorov-smirnov'],
    title: [string, 'its name for people'],
    scale: [nullable(string), "what the number is; null when it is the measure's statistic itself"],
    statistic: [number, 'of this batch'],
    certain: [
      nullable(bounds),
      'bounds that surely hold the statistic of the raw values, when they were counted in intervals; null when it is that',
    ],
    interval: [bounds, "lower and upper bound of the population's value, each at the run's alpha"],
    tolerance: [
      object<OwnMeasure['tolerance']>({
        warn: [number, 'beyond this, outcome drift'],
        fail: [number, 'beyond this, drift at the level fail'],
      }),
      'the largest value that is acceptable in this column',
    ],
    method: [string, 'how the p-value was formed'],
  }),
);

const gating = named(
  'Gating',
  "How far the batch moved, on the gate's own scales.",
  object<GatingMeasure>({
    phiSquared: [number, 'φ² over the tested cells: 2 Σ (p − q)² / (p + q)'],
    cells: [count, 'number of tested cells'],
    samplingVariance: [number, '1 / rows of the reference + 1 / rows of the current side'],
    largestCellChange: [
      nullable(
        object<NonNullable<GatingMeasure['largestCellChange']>>({
          cell: [string, 'its label'],
          reference: [number, 'its share of the reference, 0 … 1'],
          current: [number, 'its share of the current side, 0 … 1'],
        }),
      ),
      'the cell whose share changed most',
    ],
    tolerance: [
      object<GatingMeasure['tolerance']>({
        warn: [tolerance, 'beyond this, outcome drift'],
        fail: [tolerance, 'beyond this, drift at the level fail'],
      }),
      'the largest drift that is acceptable in this column',
    ],
    smallestProvable: [number, 'the smallest φ² that a batch of this size would have proven to be above the tolerance'],
    interval: [bounds, "confidence interval of the population's φ² at the run's alpha"],
    noise: [nullable(periodNoise), "null when the reference's own periods say nothing of this column"],
    measure: [ownMeasure, 'the measure that gates this column in place of φ² and the largest cell change', 'optional'],
  }),
);

const judgedTest = named(
  'Test',
  "One member of the run's family of hypotheses, as judged.",
  object<JudgedTest>({
    rule: [
      oneOf<JudgedTest['rule']>({
        drift: 'the distribution moved by more than the tolerance',
        nulls: 'the share of missing values rose',
        unseen: 'values that the reference never had',
        range: 'numbers outside the range of the reference',
        constant: 'constant became varying or the reverse',
        collapse: 'every prediction is the same',
      }),
      'what was asked',
    ],
    logPFail: [number, 'natural logarithm of the p-value at the level fail'],
    logPWarn: [nullable(number), 'natural logarithm of the p-value at the level warn; null for hard rules'],
    rejected: [
      nullable(oneOf<'fail' | 'warn'>({ fail: '', warn: '' })),
      'the level at which it was rejected; null when not',
    ],
  }),
);

const measure = named(
  'Measure',
  'One measure of one column, as shown; never gated by itself.',
  object<ReportedMeasure>({
    id: [string, 'e.g. kolmogorov-smirnov'],
    statistic: [number, "on the measure's own scale"],
    pValue: [
      nullable(number),
      'classical p-value of "no difference at all"; 0 when below the smallest double; null when the measure has none',
    ],
    log10PValue: [nullable(number), 'its decimal logarithm, which never underflows'],
    interval: [bounds, 'bounds that surely hold the statistic of the raw data, when values were merged', 'optional'],
    exact: [boolean, 'true when the statistic is that of the raw data'],
    detail: [record(either(number, string)), 'further numbers worth showing', 'optional'],
  }),
);

const valueCount = object<ValueCount>({
  value: [string, 'the value'],
  rows: [count, 'rows that hold it'],
});

const numericProfile = object<NumericProfile>({
  min: [number, 'smallest finite value'],
  max: [number, 'largest finite value'],
  mean: [nullable(number), 'arithmetic mean; null when it overflows'],
  std: [nullable(number), 'sample standard deviation (n − 1); null for one row, or when it overflows'],
  skewness: [nullable(number), 'moment coefficient g1; null when constant or not measurable'],
  kurtosis: [nullable(number), 'excess kurtosis g2'],
  zeros: [count, 'rows that are exactly 0'],
  quantiles: [
    object<NumericProfile['quantiles']>({
      q01: [number, 'quantile at 0.01'],
      q05: [number, 'quantile at 0.05'],
      q25: [number, 'lower quartile'],
      q50: [number, 'median'],
      q75: [number, 'upper quartile'],
      q95: [number, 'quantile at 0.95'],
      q99: [number, 'quantile at 0.99'],
    }),
    'order statistics',
  ],
  quantilesExact: [boolean, 'false when they were interpolated inside an interval'],
});

const profile = named(
  'ColumnProfile',
  'One side of one column, in aggregates.',
  object<ColumnProfile>({
    rows: [count, 'all rows of the side'],
    nulls: [count, 'rows without a value'],
    nan: [count, 'rows that are not a number'],
    positiveInfinity: [count, 'rows that are +∞'],
    negativeInfinity: [count, 'rows that are −∞'],
    castFailures: [count, "rows whose value does not read as the column's type; they count as missing"],
    castFailureExamples: [array(string), 'a few of those values, cut to a readable length'],
    distinct: [
      nullable(
        object<DistinctCount>({
          value: [count, 'distinct values, nulls and NaN not among them'],
          exact: [boolean, 'false for an estimate'],
        }),
      ),
      'number of distinct values; null when not counted',
    ],
    mode: [nullable(valueCount), 'the most frequent value; null when there is none or it was not counted'],
    top: [array(valueCount), 'most frequent values first, at most 20; empty for continuous columns'],
    numbers: [
      nullable(numericProfile),
      'of the finite values; for text of the lengths in characters, for datetime of the seconds since 1970 UTC',
    ],
  }),
);

const distribution = named(
  'Distribution',
  'Counts for the eye over at most 40 cells, the same for both sides.',
  object<Distribution>({
    form: [
      oneOf<Distribution['form']>({
        intervals: 'number ranges [edges[i], edges[i+1])',
        categories: 'one label a cell',
      }),
      'which of edges and labels is given',
    ],
    edges: [nullable(array(number)), 'one more than cells, ascending; null for categories'],
    labels: [nullable(array(string)), 'one a cell; null for intervals'],
    logarithmicFrom: [
      number,
      'intervals that are equally wide on a logarithmic scale: 0 for log x, c > 0 for sign(x) · log(1 + |x| / c); absent when they are ' +
        'equally wide as they are',
      'optional',
    ],
    reference: [array(number), 'rows of the reference in each cell'],
    current: [array(number), 'rows of the current side in each cell'],
  }),
);

export const column = named(
  'Column',
  'One column of either side.',
  object<ReportColumn>({
    name: [string, 'as in the data'],
    role: [role, 'what it is for'],
    kind: [
      oneOf<Kind>({
        numeric: '',
        categorical: '',
        boolean: '',
        datetime: '',
        text: '',
        embedding: '',
        unsupported: '',
      }),
      'how it was read',
    ],
    guess: [
      object<ReportColumn['guess']>({
        role: [nullable(string), 'why this role'],
        kind: [nullable(string), 'why this kind'],
      }),
      'the reasons, where role or kind were guessed; otherwise null',
    ],
    type: [
      object<ReportColumn['type']>({
        reference: [nullable(string), 'null when the side lacks the column'],
        current: [nullable(string), 'null when the side lacks the column'],
      }),
      "the engine's name of the type as stored, e.g. BIGINT",
    ],
    outcome: [outcome, 'what was decided'],
    reason: [string, 'why, in a few words'],
    severity: [nullable(severity), 'of its worst finding'],
    findings: [array(finding), 'what was found in this column, worst first'],
    gating: [nullable(gating), 'what the outcome rests on; null when there was nothing to compare'],
    tests: [array(judgedTest), "the column's members of the family of hypotheses"],
    qValue: [
      number,
      'Benjamini–Hochberg q-value of the classical p of φ² over all tested columns; shown, never gated; absent when not tested',
      'optional',
    ],
    windows: [
      object<ColumnWindows>({
        phiSquared: [array(nullable(number)), 'of the window against the reference; null for one with too few rows'],
        cellChange: [array(nullable(number)), 'the largest change of the share of one cell, likewise'],
        missing: [array(nullable(number)), 'share of rows without a value; null where it says nothing'],
        beyond: [
          array(nullable(oneOf<'fail' | 'warn'>({ fail: '', warn: '' }))),
          'the level that the window is beyond by itself, among the windows of its column; shown, not gated',
        ],
      }),
      'by window of the batch, see time.windows; absent when it has none',
      'optional',
    ],
    measures: [array(measure), 'further measures, shown only'],
    reference: [nullable(profile), 'the reference side; null when it lacks the column'],
    current: [nullable(profile), 'the current side; null when it lacks the column'],
    distribution: [nullable(distribution), 'counts for the eye'],
    cells: [
      nullable(
        object<NonNullable<ReportColumn['cells']>>({
          labels: [array(string), 'a number range, a category, other or missing'],
          reference: [array(number), 'rows of the reference'],
          current: [array(number), 'rows of the current side'],
        }),
      ),
      'the cells that the verdict was formed on',
    ],
    error: [nullable(string), 'a failure of this one column'],
  }),
);

const quality = named(
  'Quality',
  'One data-quality check of the data set or of a column.',
  object<QualityResult>({
    id: [constant<QualityId>(...qualityIds), 'the check, see docs/quality'],
    column: [nullable(string), 'null when it is about the data set'],
    reference: [nullable(number), "the number on the check's own scale; null where the side has none"],
    current: [nullable(number), 'the same of the current side'],
    threshold: [nullable(number), 'what is tolerated; null for a check without a threshold'],
    logP: [
      nullable(number),
      'natural logarithm of the p-value of "within the threshold"; null when nothing was tested',
    ],
    severity: [nullable(severity), 'of its finding; null when there is none'],
    detail: [record(nullable(either(either(number, string), boolean))), 'further numbers'],
  }),
);

export const dataset = named(
  'Dataset',
  'What was read.',
  object<DatasetInfo>({
    paths: [array(string), 'as asked for'],
    format: [constant<Format | 'table'>(...formats, 'table'), 'how the files were read; table: of a server'],
    files: [
      array(
        object<InputFile>({
          path: [string, 'where it was'],
          sizeBytes: [count, 'its size'],
          modifiedAt: [string, 'ISO 8601, UTC'],
          sha256: [string, 'content hash, hexadecimal'],
          hashOf: [
            constant<InputFile['hashOf']>('whole file', 'footer', 'size, first and last MiB'),
            'what the hash covers',
          ],
        }),
      ),
      'every file as it was when read',
    ],
    rows: [count, 'rows that were loaded and passed the filter'],
    where: [nullable(string), 'the filter'],
    rejectedRows: [count, 'malformed rows, counted and left out'],
    rejected: [
      array(
        object<RejectedRow>({
          file: [string, 'where'],
          line: [count, '1-based, the header counted'],
          reason: [string, 'what is wrong with it'],
        }),
      ),
      'the first of them',
    ],
    dialect: [record(string), 'delimiter, decimal mark, encoding and the like, with the reason'],
    columns: [count, 'number of columns'],
    server: [
      object<ServerUse>({
        origin: [string, 'scheme, host and port'],
        user: [string, 'in whose name'],
        receivedBytes: [count, 'of all answers together'],
        queries: [
          array(
            object<QueryRecord>({
              id: [string, "the server's name for it"],
              receivedBytes: [count, 'of all its answers, as they came'],
              receivedRows: [count, 'rows of the result'],
              scannedRows: [count, 'rows that the server read'],
              scannedBytes: [count, 'bytes that the server read'],
              nodes: [count, 'that took part'],
              durationMs: [count, "by the server's clock"],
              cpuMs: [count, 'of all nodes'],
            }),
          ),
          'every query, in the order of their ends',
        ],
      }),
      'of a table: what was asked of its server; differs from run to run',
      'optional',
    ],
  }),
);

/** The JSON contract: docs/report.schema.json is generated from it. */
export const reportShape: Shape<Report> = object<Report>({
  schemaVersion: [
    constant<number>(reportSchemaVersion),
    'version of this contract; raised when a reader would break, not when keys are added',
  ],
  tool: [
    object<Report['tool']>({
      name: [constant('driftgate'), 'says that this is a driftgate report'],
      version: [string, "the tool's version"],
      engine: [string, "the engine's name and version"],
    }),
    'what made the report',
  ],
  gate: [
    object<Verdict['gate']>({
      status: [
        oneOf<GateStatus>({
          pass: 'no finding at or above failOn',
          breach: 'a finding at or above failOn',
          'no-verdict': 'nothing could be decided',
        }),
        'the verdict',
      ],
      exitCode: [constant<0 | 1 | 2>(0, 1, 2), '0 pass, 1 breach, 2 no verdict'],
      reason: [string, 'the verdict in a sentence'],
      failOn: [severity, 'findings from this severity on breach the gate'],
      counts: [
        object<Verdict['gate']['counts']>({
          stable: [count, 'columns'],
          drift: [count, 'columns'],
          undetermined: [count, 'columns'],
          'not-tested': [count, 'columns'],
        }),
        'columns by outcome',
      ],
    }),
    'what a pipeline acts on',
  ],
  findings: [array(finding), 'of all columns and of the dataset, worst first'],
  quality: [array(quality), 'data-quality checks, of the data set and then of each column', 'optional'],
  predictions: [predictionShape, 'what predictions and scores say of themselves', 'optional'],
  service: [serviceShape, 'how the service answered', 'optional'],
  columns: [array(column), 'worst first: outcome, severity, φ²; then in the order of the reference'],
  time: [timeShape, 'when the rows of the batch came about', 'optional'],
  datasets: [
    object<Report['datasets']>({
      reference: [dataset, 'what the current side was compared with'],
      current: [dataset, 'the batch that was judged'],
    }),
    'the two sides',
  ],
  segments: [array(segmentationShape), 'the verdict by the values of columns', 'optional'],
  ranking: [rankingShape, 'which columns matter', 'optional'],
  method: [
    object<Verdict['method']>({
      alpha: [number, 'probability of any false finding in one run'],
      familySize: [count, 'number of hypotheses that share alpha'],
      noise: [string, 'what is known of the noise between periods of the reference'],
      periods: [noiseSource, 'the same as data'],
    }),
    'how the verdict was formed',
  ],
  config: [
    object<ConfigRecord>({
      file: [nullable(string), 'where the configuration came from; null when there was none'],
      sha256: [string, 'of the effective settings, canonical JSON'],
      values: [record(json), 'the effective settings'],
    }),
    'what the run obeyed',
  ],
  outcomes: [outcomesShape, 'performance on labels, and estimated without them', 'optional'],
  notes: [array(string), 'things decided on the way that a reader should know, one sentence each'],
  run: [
    object<Report['run']>({
      startedAt: [string, 'ISO 8601, UTC'],
      durationMs: [number, 'wall-clock time'],
      threads: [count, "the engine's threads"],
    }),
    'the only part that differs between two runs over the same input',
  ],
});

/** JSON Schema, draft 2020-12, of a report. */
export function reportSchema(): JsonSchema {
  const definitions: Definitions = new Map();
  const root = reportShape.schema(definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'driftgate report',
    description: `Result of one run of driftgate, version ${reportSchemaVersion} of the contract. Numbers are finite or null.`,
    ...root,
    $defs: Object.fromEntries(definitions),
  };
}
