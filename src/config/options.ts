import type { Kind } from '../model/measure.ts';
import { defaultOutcomeSettings, type GateableMetric, gateableMetrics, metricTitle } from '../model/outcomes.ts';
import { type Role, roles } from '../model/profile.ts';
import { type ReportFormat, reportFormats } from '../model/rendering.ts';
import { formats } from '../model/run.ts';
import { latencyPercentiles, latencyUnits } from '../model/service.ts';
import { type QualityRule, type SeverityRule, severities } from '../model/settings.ts';
import { defaultVerdictSettings, sensitivities } from '../verdict/tolerances.ts';

/** What a setting takes. One description serves the parser, the messages, the help text and the editor's schema. */
export type ValueType =
  | { readonly type: 'text'; readonly what: string; readonly pattern?: RegExp }
  | {
      readonly type: 'number';
      readonly integer?: boolean;
      /** exclusive */
      readonly above?: number;
      readonly least?: number;
      readonly most?: number;
    }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  | { readonly type: 'boolean' }
  | { readonly type: 'list'; readonly what: string }
  /** a list whose entries are texts or lists of texts */
  | { readonly type: 'lists'; readonly what: string }
  /** a map from names to numbers of 0 or more, or a file that holds one */
  | { readonly type: 'numbers'; readonly what: string };

export const groups = ['Data', 'Columns', 'Time', 'Outcomes', 'Verdict', 'Report', 'Run', 'Profile'] as const;
export type Group = (typeof groups)[number];

export interface Flag {
  /** without the dashes */
  readonly name: string;
  /** one letter, without the dash */
  readonly short?: string;
  /** the placeholder of its value in help; none for a switch */
  readonly value?: string;
  /** a switch whose useful form is the negative one, e.g. `--no-header` */
  readonly negative?: true;
  /** what the flag does, where it is the negative of the setting */
  readonly description?: string;
  /** `--no-<name>` does without it altogether */
  readonly none?: true;
}

/** One thing that can be set. */
export interface Setting {
  /** its place in driftgate.yaml, a dot for each level and `*` for a column's name; null: it belongs to one call, so it is a flag only */
  readonly key: string | null;
  /** null: in the file, or by `--set` */
  readonly flag: Flag | null;
  readonly value: ValueType;
  /** undefined: unset, see {@link defaultText} */
  readonly default?: unknown;
  /** what happens when it is unset */
  readonly defaultText?: string;
  /** a value worth showing, for settings of the file that are unset by default */
  readonly example?: unknown;
  /** one line, lower case, no full stop */
  readonly description: string;
  readonly group: Group;
  /** a flag that takes column names: the key it sets for each of them, and to what */
  readonly assigns?: { readonly key: 'columns.*.role' | 'columns.*.kind'; readonly to: string };
}

/** The file that is used without being named, when the working folder has it. */
export const configFileNames = ['driftgate.yaml', 'driftgate.yml'] as const;

/** Kinds that a user can declare; the others follow from the stored type alone. */
export const declarableKinds = [
  'numeric',
  'categorical',
  'boolean',
  'datetime',
  'text',
] as const satisfies readonly Kind[];

/** Measures that are shown for every column of a fitting kind. */
export const defaultMeasures = [
  'population-stability-index',
  'kolmogorov-smirnov',
  'wasserstein',
  'jensen-shannon',
  'mann-whitney',
  'chi-squared',
] as const;

/** The forms of the report that are written unless others are asked for. */
export const defaultFormats = ['json', 'html'] as const satisfies readonly ReportFormat[];

/** Encodings that a delimited file may have. */
export const encodings = ['utf-8', 'utf-16', 'latin-1', 'windows-1252'] as const;

/** The maps of driftgate.yaml that hold other settings. */
export const sections: Readonly<Record<string, string>> = {
  csv: 'how delimited files are read, when the documented rules should not decide; for both sides',
  trino: 'how the Trino server of --engine is spoken with; secrets stand in environment variables or files, never here',
  columns: 'what is known of single columns, by name',
  'columns.*': 'one column, by the name it has in the data',
  'columns.*.tolerances':
    'the largest drift of this column that is still acceptable; a warn above fail raises fail with it',
  'columns.*.tolerances.warn': 'drift above this is a warning',
  'columns.*.tolerances.fail': 'drift above this is a failure',
  'columns.*.gate':
    'a measure that decides on this column in place of φ² and the largest cell change: measure, warn and fail together',
  tolerances: 'the largest drift that is still acceptable; each number replaces that of the sensitivity',
  'tolerances.feature': 'of features, labels and segments',
  'tolerances.feature.warn': 'drift above this is a warning',
  'tolerances.feature.fail': 'drift above this is a failure',
  'tolerances.prediction': 'of predictions and scores',
  'tolerances.prediction.warn': 'drift above this is a warning',
  'tolerances.prediction.fail': 'drift above this is a failure',
  labels: 'labels that came later than the log, in files of their own',
  outcomes: 'how right the model was: which metrics, against which baseline',
  'outcomes.drop': 'by how much a metric may get worse, as a share of its baseline',
  'outcomes.baseline': "what the metrics should be, where the reference's own labels and predictions do not tell",
  severity: 'what each rule leads to: P1 (page someone), P2 (investigate within hours), P3 (daily report) or off',
  gate: 'when the exit code tells a pipeline to stop',
  predictions: 'what is acceptable of predictions and scores; docs/predictions.md explains it',
  service: 'service levels, held against the latency and status columns of the log; docs/service.md explains them',
  'service.latency_ms': 'latencies in milliseconds, whatever the unit of the column',
  quality: 'data-quality checks beside the verdict: when each speaks and how loudly; docs/quality explains them',
  ...Object.fromEntries(
    (Object.keys(defaultVerdictSettings.quality) as QualityRule[]).map((id) => [
      `quality.${qualityKey(id)}`,
      `the check ${id}`,
    ]),
  ),
};

/** The key of a data-quality check in driftgate.yaml. */
export function qualityKey(id: QualityRule): string {
  return id.replaceAll('-', '_');
}

/** What is tolerated by each check; null for one without a threshold. */
const qualityThresholds = {
  'duplicate-rows': {
    description:
      'rise of the share of repeated rows, beyond what more rows explain, that is tolerated; 0.01 is one point',
    most: 1,
  },
  'renamed-columns': null,
  'mixed-types': {
    description: 'rise of the share of values that read as another type that is tolerated; 0.005 is half a point',
    most: 1,
  },
  cardinality: {
    description: 'how many times the distinct values that the reference lets expect are tolerated',
    most: 1_000_000,
  },
  'almost-constant': { description: 'share of one value from which on a column is almost constant', most: 1 },
  entropy: { description: 'change of the entropy of the categories, in bits, that is tolerated', most: 7 },
} satisfies Record<QualityRule, { readonly description: string; readonly most: number } | null>;

const qualityDescriptions = {
  'duplicate-rows': 'more rows repeat others, or share their id, than in the reference; off beyond 200 columns',
  'renamed-columns': 'a missing column looks like a new one',
  'mixed-types': 'more values of a column read as another type than in the reference',
  cardinality: 'a column holds far more distinct values than the reference lets expect',
  'almost-constant': 'nearly all rows hold one value, which in the reference they did not',
  entropy: 'the categories of a column became much more or much less varied',
} satisfies Record<QualityRule, string>;

const roleDescriptions = {
  feature: 'columns the model reads',
  prediction: 'columns the model wrote: a class or a value',
  score: 'probabilities or confidences; one column, or one a class',
  label: 'what turned out to be true; may arrive late',
  timestamp: 'the column that says when a row was logged',
  id: 'columns that name a row; not tested',
  segment: 'columns that split the data into groups',
  model_version: 'the column that names the model',
  latency: 'columns that say how long an answer took',
  status: 'columns that say how a request ended',
  ignore: 'columns to leave out altogether',
} satisfies Record<Role, string>;

const severityDescriptions = {
  column_missing: 'a column of the reference is missing',
  prediction_collapse: 'every prediction is the same',
  drift_fail: 'a column drifted beyond its tolerance at fail',
  drift_warn: 'a column drifted beyond its tolerance at warn',
  many_drift_warn: 'more than three features drifted at warn at once',
  type_changed: 'a column has another type',
  nulls_up: 'the share of missing values rose',
  unseen_categories: 'more values that the reference never had than sampling explains',
  out_of_range: "more values outside the reference's range than sampling explains",
  constant_changed: 'a constant column varies, or a varying one is constant',
  new_column: 'a column that the reference does not have',
  new_values_noted: 'some new categories or values out of range, fewer than the hard rules ask for',
  performance_drop: 'a metric of the model fell by more than outcomes.drop.fail',
  performance_slip: 'a metric of the model fell by more than outcomes.drop.warn',
  estimated_drop: 'the performance that is estimated without labels fell by more than outcomes.drop.fail',
  labels_biased: 'labelled rows differ from those whose label has not arrived',
  label_join: 'labels that meet no row, or several labels for one row',
  confidence_drop: 'the mean confidence of the predictions fell by more than predictions.confidence_drop',
  scores_invalid: 'scores outside 0 to 1, that do not add up to 1, or that contradict the predicted class',
  prediction_bounds: 'predictions outside the range that predictions.min and predictions.max allow',
  service_level: 'latency or the share of failed requests is above its service level',
  segment_drift: 'a segment drifted, beyond what the whole shows',
  data_stale: 'the newest row is older than stale_after',
  time_disorder: 'gaps in time, or rows that are dated in the future',
} satisfies Record<SeverityRule, string>;

const paths: ValueType = { type: 'list', what: 'a path or a list of paths' };
const predicate: ValueType = { type: 'text', what: 'an SQL predicate such as "country = \'DE\'"' };
const count = (most: number): ValueType => ({ type: 'number', integer: true, least: 1, most });
const phiSquared: ValueType = { type: 'number', least: 0, most: 4 };
const measureName: ValueType = { type: 'text', what: 'the id or alias of a measure (see driftgate measures)' };
const cellChange: ValueType = { type: 'number', least: 0, most: 1 };

const data: readonly Setting[] = [
  {
    key: 'reference',
    flag: { name: 'reference', short: 'r', value: 'path...' },
    value: paths,
    example: 'train.parquet',
    description:
      'what the model was trained on: files, globs or folders, - for CSV on standard input, or with --engine a table',
    group: 'Data',
  },
  {
    key: 'current',
    flag: { name: 'current', short: 'c', value: 'path...' },
    value: paths,
    example: 'logs/2026-11-*.parquet',
    description: 'what came in since: files, globs or folders, - for CSV on standard input, or with --engine a table',
    group: 'Data',
  },
  {
    key: 'where',
    flag: { name: 'where', value: 'sql' },
    value: predicate,
    example: "country = 'DE'",
    description:
      "keep only the rows of the current side for which this SQL predicate holds; for a table in its server's SQL",
    group: 'Data',
  },
  {
    key: 'reference_where',
    flag: { name: 'reference-where', value: 'sql' },
    value: predicate,
    example: 'split = 1',
    description: 'the same for the reference',
    group: 'Data',
  },
  {
    key: 'where_both',
    flag: { name: 'where-both', value: 'sql' },
    value: predicate,
    example: 'amount > 0',
    description: 'the same for both sides, beside the two above',
    group: 'Data',
  },
  {
    key: 'model_version',
    flag: { name: 'model-version', value: 'version' },
    value: { type: 'text', what: 'a version of the model such as "4" (numbers in quotation marks)' },
    defaultText: 'all of them together, and said',
    example: '4',
    description: 'keep only the rows of the current side that this version of the model wrote',
    group: 'Data',
  },
  {
    key: 'input_format',
    flag: { name: 'input-format', value: 'format' },
    value: { type: 'choice', values: formats },
    defaultText: 'by the names and first bytes of the files',
    example: 'parquet',
    description: 'how the files of both sides are stored',
    group: 'Data',
  },
  {
    key: 'reference_format',
    flag: { name: 'reference-format', value: 'format' },
    value: { type: 'choice', values: formats },
    defaultText: 'as input_format',
    example: 'csv',
    description: 'how the files of the reference are stored, when it differs',
    group: 'Data',
  },
  {
    key: 'csv.delimiter',
    flag: { name: 'csv-delimiter', value: 'char' },
    value: { type: 'text', what: 'one character such as ";" (or "\\t" for a tab)', pattern: /^(?:[^"\r\n]|\\t)$/ },
    defaultText: 'found in the reference and imposed on the current side',
    example: ';',
    description: 'what stands between two cells',
    group: 'Data',
  },
  {
    key: 'csv.decimal',
    flag: { name: 'csv-decimal', value: 'char' },
    value: { type: 'choice', values: ['.', ','] },
    defaultText: 'found in the reference and imposed on the current side',
    example: ',',
    description: 'the decimal mark',
    group: 'Data',
  },
  {
    key: 'csv.header',
    flag: { name: 'header', negative: true, description: 'the first line is data, and does not name the columns' },
    value: { type: 'boolean' },
    default: true,
    description: 'whether the first line names the columns',
    group: 'Data',
  },
  {
    key: 'csv.nulls',
    flag: { name: 'csv-null', value: 'text...' },
    value: { type: 'list', what: 'a text or a list of texts (numbers and null in quotation marks)' },
    defaultText: 'the documented list',
    example: ['NA', '-999'],
    description: 'cells that mean "no value"',
    group: 'Data',
  },
  {
    key: 'csv.encoding',
    flag: { name: 'csv-encoding', value: 'encoding' },
    value: { type: 'choice', values: encodings },
    defaultText: 'found from the bytes',
    example: 'latin-1',
    description: 'how characters are stored',
    group: 'Data',
  },
  {
    key: 'engine',
    flag: { name: 'engine', value: 'address' },
    value: { type: 'text', what: 'an address such as trino://ana@trino.example:8443/hive/ml' },
    defaultText: 'files, counted on this machine',
    example: 'trino://ana@trino.example:8443/hive/ml',
    description:
      'the Trino server: a side given as a table name (ml.train) is counted there; one with the extension of a data file, or that exists as a path, stays a file; trino+http:// speaks without TLS',
    group: 'Data',
  },
  ...(['password', 'token'] as const).flatMap((secret): Setting[] => [
    {
      key: `trino.${secret}_env`,
      flag: null,
      value: { type: 'text', what: 'the name of an environment variable' },
      defaultText: `DRIFTGATE_TRINO_${secret.toUpperCase()}, if no other secret is named`,
      example: `TRINO_${secret.toUpperCase()}`,
      description: `the environment variable that holds the ${secret === 'token' ? 'bearer token' : 'password'}`,
      group: 'Data',
    },
    {
      key: `trino.${secret}_file`,
      flag: null,
      value: { type: 'text', what: 'a file' },
      example: `/run/secrets/trino-${secret}`,
      description: `a file that holds the ${secret === 'token' ? 'bearer token' : 'password'} and nothing else`,
      group: 'Data',
    },
  ]),
  {
    key: 'trino.ca_file',
    flag: null,
    value: { type: 'text', what: 'a file' },
    defaultText: 'the authorities that Node trusts, with those of NODE_EXTRA_CA_CERTS',
    example: 'company-ca.pem',
    description: "certificates (PEM) of the authorities that may have signed the server's",
    group: 'Data',
  },
  {
    key: 'trino.cert_file',
    flag: null,
    value: { type: 'text', what: 'a file' },
    example: 'driftgate.pem',
    description: "the client's certificate (PEM), where the server asks for one",
    group: 'Data',
  },
  {
    key: 'trino.key_file',
    flag: null,
    value: { type: 'text', what: 'a file' },
    defaultText: 'in trino.cert_file',
    example: 'driftgate-key.pem',
    description: 'its private key (PEM)',
    group: 'Data',
  },
  {
    key: 'trino.timeout',
    flag: null,
    value: { type: 'number', above: 0, most: 86_400 },
    default: 1800,
    description: 'seconds that one query may take before it is cancelled and the run ends',
    group: 'Data',
  },
  {
    key: 'trino.session',
    flag: null,
    value: { type: 'list', what: 'session properties such as query_max_run_time=10m' },
    example: ['query_max_run_time=10m'],
    description: 'session properties, sent with every query',
    group: 'Data',
  },
  {
    key: 'hash',
    flag: { name: 'hash', value: 'extent' },
    value: { type: 'choice', values: ['ends', 'full'] },
    default: 'ends',
    description: 'what the content hash of an input file covers: its ends, or every byte (slower)',
    group: 'Data',
  },
  {
    key: null,
    flag: { name: 'salt-file', value: 'file' },
    value: { type: 'text', what: 'a file' },
    defaultText: 'the environment variable DRIFTGATE_SALT',
    description: 'the salt of the redacted categories of a profile, the same for both sides',
    group: 'Data',
  },
];

const columns: readonly Setting[] = [
  ...roles
    // a flag of its own, below: it splits, and leaves the column's role as it is
    .filter((role) => role !== 'segment')
    .map(
      (role): Setting => ({
        key: null,
        // --model-version names a version
        flag: {
          name: role === 'model_version' ? 'model-version-column' : role.replaceAll('_', '-'),
          value: 'column...',
        },
        value: { type: 'list', what: 'column names' },
        description: roleDescriptions[role],
        group: 'Columns',
        assigns: { key: 'columns.*.role', to: role },
      }),
    ),
  ...(['numeric', 'categorical', 'datetime'] as const).map(
    (kind): Setting => ({
      key: null,
      flag: { name: kind, value: 'column...' },
      value: { type: 'list', what: 'column names' },
      description: {
        numeric: 'columns to read as numbers where most values are; the others count as missing, and are said',
        categorical: 'columns whose values are names, whatever they look like',
        datetime:
          'columns to read as times where most values are, text or counts since 1970; the others count as missing',
      }[kind],
      group: 'Columns',
      assigns: { key: 'columns.*.kind', to: kind },
    }),
  ),
  {
    key: 'segments',
    flag: { name: 'segment', value: 'column...' },
    value: { type: 'lists', what: 'names of columns, or lists of names whose values are combined' },
    defaultText: 'the columns whose role is segment, each by itself',
    example: ['country', ['country', 'device']],
    description: 'columns to judge the drift by, value for value; for the flag a comma combines columns',
    group: 'Columns',
  },
  {
    key: 'importance',
    flag: { name: 'importance', value: 'file' },
    value: { type: 'numbers', what: 'a file (CSV or JSON) or a map from columns to numbers of 0 or more' },
    defaultText: 'columns are not ranked by importance',
    example: { age: 0.3, income: 0.5 },
    description: 'how much the model makes of each column, on any one scale; ranks columns by drift × importance',
    group: 'Columns',
  },
  {
    key: 'columns.*.role',
    flag: null,
    value: { type: 'choice', values: roles },
    defaultText: "guessed from the column's name and values, and said",
    example: 'segment',
    description: 'what the column is for',
    group: 'Columns',
  },
  {
    key: 'columns.*.kind',
    flag: null,
    value: { type: 'choice', values: declarableKinds },
    defaultText: 'decided on the reference, and said',
    example: 'categorical',
    description: 'how the values of the column are compared',
    group: 'Columns',
  },
  ...(['warn', 'fail'] as const).flatMap((level): Setting[] => [
    {
      key: `columns.*.tolerances.${level}.phi_squared`,
      flag: null,
      value: phiSquared,
      defaultText: 'as tolerances.feature or tolerances.prediction, by its role',
      example: level === 'warn' ? 0.2 : 0.4,
      description: `drift of this column as a whole, on the scale of PSI, that is still acceptable at ${level}`,
      group: 'Columns',
    },
    {
      key: `columns.*.tolerances.${level}.cell_change`,
      flag: null,
      value: cellChange,
      defaultText: 'as tolerances.feature or tolerances.prediction, by its role',
      example: level === 'warn' ? 0.1 : 0.2,
      description: `change of the share of one range or category that is still acceptable at ${level}; 0.07 is seven points`,
      group: 'Columns',
    },
  ]),
  {
    key: 'columns.*.gate.measure',
    flag: null,
    value: measureName,
    defaultText: 'φ² and the largest cell change decide',
    example: 'ks',
    description: 'the measure that decides on this column; docs/measure-gate.md says on which scale',
    group: 'Columns',
  },
  ...(['warn', 'fail'] as const).map(
    (level): Setting => ({
      key: `columns.*.gate.${level}`,
      flag: null,
      value: { type: 'number', least: 0 },
      example: level === 'warn' ? 0.1 : 0.2,
      description: `how much of that measure is still acceptable at ${level}, on the measure's own scale`,
      group: 'Columns',
    }),
  ),
  {
    key: 'columns.*.class',
    flag: null,
    value: { type: 'text', what: 'a predicted class' },
    defaultText: "the class that the column's name ends with",
    example: 'approve',
    description: 'the class whose score the column holds, of several scores',
    group: 'Columns',
  },
];

/** The name of a metric in driftgate.yaml. */
export function metricKey(id: GateableMetric): string {
  return id.replaceAll('-', '_');
}

const columnName: ValueType = { type: 'text', what: 'the name of a column' };

const outcomes: readonly Setting[] = [
  {
    key: 'labels.path',
    flag: { name: 'labels', value: 'path...' },
    value: paths,
    example: 'labels.parquet',
    description: 'labels of the current rows that came later: files, globs or folders, read as any other',
    group: 'Outcomes',
  },
  {
    key: 'labels.join_key',
    flag: { name: 'join-key', value: 'column' },
    value: { type: 'text', what: 'a column that both have, or LOG_COLUMN=LABELS_COLUMN' },
    example: 'request_id',
    description: 'the column by which labels meet their rows; a=b when it is called a in the log and b in the labels',
    group: 'Outcomes',
  },
  {
    key: 'labels.where',
    flag: null,
    value: predicate,
    example: "status = 'final'",
    description: 'keep only the labels for which this SQL predicate holds',
    group: 'Outcomes',
  },
  {
    key: 'labels.column',
    flag: null,
    value: columnName,
    defaultText: "called as in the reference, or by convention, or the file's only other column",
    example: 'outcome',
    description: 'the column of those files that holds the label',
    group: 'Outcomes',
  },
  {
    key: 'labels.timestamp',
    flag: null,
    value: columnName,
    defaultText: 'found by its type and name; without it there is no lag',
    example: 'labelled_at',
    description: 'the column of those files that says when a label came',
    group: 'Outcomes',
  },
  {
    key: 'outcomes.task',
    flag: { name: 'task', value: 'kind' },
    value: { type: 'choice', values: ['classification', 'regression'] },
    defaultText: 'decided on the labels and predictions of the reference',
    example: 'classification',
    description: 'whether labels are classes or numbers',
    group: 'Outcomes',
  },
  {
    key: 'outcomes.positive',
    flag: { name: 'positive', value: 'class' },
    value: { type: 'text', what: 'one of the two classes (a number in quotation marks)' },
    defaultText:
      '1, true, yes and the like; else the class that the score is named after or is higher for, else the last in order',
    example: 'default',
    description: 'the class that precision, recall and the score are about',
    group: 'Outcomes',
  },
  {
    key: 'outcomes.threshold',
    flag: { name: 'threshold', value: 'score' },
    value: { type: 'number' },
    default: defaultOutcomeSettings.threshold,
    description: 'where there are scores and no predicted class: the score from which on a row counts as positive',
    group: 'Outcomes',
  },
  {
    key: 'outcomes.metrics',
    flag: null,
    value: { type: 'list', what: `any of ${gateableMetrics.map(metricKey).join(', ')}` },
    defaultText:
      'f1 and roc_auc of two classes, accuracy and f1_macro of more, the mean absolute and the root mean squared error of numbers',
    example: ['accuracy', 'roc_auc'],
    description: 'the metrics that are gated; all that can be measured are shown',
    group: 'Outcomes',
  },
  ...(['warn', 'fail'] as const).map(
    (level): Setting => ({
      key: `outcomes.drop.${level}`,
      flag: null,
      value: { type: 'number', least: 0, most: 10 },
      default: defaultOutcomeSettings.drop[level],
      description: `getting worse by more than this share of the baseline is ${level === 'warn' ? 'PERFORMANCE_SLIPPED (P3)' : 'PERFORMANCE_DOWN (P1)'}; 0.05 is 5 %`,
      group: 'Outcomes',
    }),
  ),
  ...gateableMetrics.map(
    (id): Setting => ({
      key: `outcomes.baseline.${metricKey(id)}`,
      flag: null,
      value: { type: 'number' },
      example: 0.91,
      defaultText: "measured on the reference's own labels and predictions",
      description: `what the ${metricTitle(id)} should be`,
      group: 'Outcomes',
    }),
  ),
];

const verdict: readonly Setting[] = [
  {
    key: 'gate.fail_on',
    flag: { name: 'fail-on', value: 'severity' },
    value: { type: 'choice', values: severities },
    default: defaultVerdictSettings.gate.failOn,
    description: 'exit with 1 when there is a finding of this severity or a worse one',
    group: 'Verdict',
  },
  {
    key: 'gate.min_rows',
    flag: { name: 'min-rows', value: 'rows' },
    value: count(1_000_000_000),
    default: defaultVerdictSettings.gate.minRows,
    description: 'with fewer rows on either side there is no verdict: exit code 2',
    group: 'Verdict',
  },
  {
    key: 'gate.strict',
    flag: { name: 'strict' },
    value: { type: 'boolean' },
    default: defaultVerdictSettings.gate.strict,
    description: 'exit with 2 when a column is undetermined',
    group: 'Verdict',
  },
  {
    key: 'alpha',
    flag: { name: 'alpha', value: 'probability' },
    value: { type: 'number', above: 0, most: 0.5 },
    default: defaultVerdictSettings.alpha,
    description: 'the probability of any false alarm in one run, all columns together',
    group: 'Verdict',
  },
  {
    key: 'false_alarms_per_year',
    flag: { name: 'false-alarms-per-year', value: 'number' },
    value: { type: 'number', above: 0, most: 1_000_000 },
    example: 2,
    description: 'a budget instead of alpha: alpha = false_alarms_per_year / runs_per_year',
    group: 'Verdict',
  },
  {
    key: 'runs_per_year',
    flag: { name: 'runs-per-year', value: 'number' },
    value: { type: 'number', above: 0, most: 100_000_000 },
    example: 365,
    description: 'how often this check runs: 365 for every night',
    group: 'Verdict',
  },
  {
    key: 'sensitivity',
    flag: { name: 'sensitivity', value: 'level' },
    value: { type: 'choice', values: Object.keys(sensitivities) },
    default: 'standard',
    description: 'sets all tolerances at once; as a flag it also replaces the tolerances of the file',
    group: 'Verdict',
  },
  {
    key: 'window',
    flag: { name: 'window', value: 'length' },
    value: {
      type: 'text',
      what: 'auto, none, a number of windows (12), rows each (5000rows), or a time each: 1h, 1d, 1w, 1mo',
      pattern: /^(?:auto|none|[1-9]\d{0,8} ?(?:h|d|w|mo|rows)?)$/,
    },
    default: 'auto',
    example: '1d',
    description:
      'how the current data is cut into windows that are judged beside the whole: auto for at most ten, a number of windows, 5000rows, 1h, 1d, 1w, 1mo, or none',
    group: 'Time',
  },
  {
    key: 'time_zone',
    flag: { name: 'time-zone', value: 'name' },
    value: { type: 'text', what: 'a time zone such as UTC or Europe/Zurich' },
    default: defaultVerdictSettings.timeZone,
    example: 'Europe/Zurich',
    description: 'the zone whose hours, days, weeks and months cut windows, and in which --since and --until are read',
    group: 'Time',
  },
  {
    key: 'since',
    flag: { name: 'since', value: 'time' },
    value: { type: 'text', what: 'a date or time such as 2026-03-01 or 2026-03-01T14:00' },
    defaultText: 'from the first row',
    example: '2026-03-01',
    description: 'only rows of the current data from this time on',
    group: 'Time',
  },
  {
    key: 'until',
    flag: { name: 'until', value: 'time' },
    value: { type: 'text', what: 'a date or time such as 2026-03-08 or 2026-03-08T14:00' },
    defaultText: 'to the last row',
    example: '2026-03-08',
    description: 'only rows of the current data before this time',
    group: 'Time',
  },
  {
    key: 'last',
    flag: { name: 'last', value: 'length' },
    value: {
      type: 'text',
      what: 'a length of time such as 90min, 24h, 7d, or 24h until now',
      pattern: /^[1-9]\d{0,8} ?(?:min|h|d|w)(?: until now)?$/,
    },
    defaultText: 'all rows',
    example: '24h',
    description:
      'only the last rows of the current data: so long before its newest row, or with "24h until now" before the clock',
    group: 'Time',
  },
  {
    key: 'stale_after',
    flag: { name: 'stale-after', value: 'length' },
    value: {
      type: 'text',
      what: 'a length of time such as 90min, 24h, 7d, 4w',
      pattern: /^[1-9]\d{0,8} ?(?:min|h|d|w)$/,
    },
    defaultText: 'age is shown and not judged',
    example: '24h',
    description: 'the newest row of the current data may be this old; see severity.data_stale',
    group: 'Time',
  },
  {
    key: 'noise',
    flag: { name: 'noise', value: 'source' },
    value: { type: 'choice', values: ['time', 'off'] },
    default: defaultVerdictSettings.noise,
    description:
      "time: a drift must also exceed what the reference's own windows, cut by its timestamp, differ by; off: it need not",
    group: 'Verdict',
  },
  ...(['feature', 'prediction'] as const).flatMap((role) =>
    (['warn', 'fail'] as const).flatMap((level): Setting[] => {
      const { phiSquared: phi, cellChange: change } = defaultVerdictSettings.tolerances[role][level];
      return [
        {
          key: `tolerances.${role}.${level}.phi_squared`,
          flag: null,
          value: phiSquared,
          default: phi,
          description: `drift of a ${role} as a whole, on the scale of PSI, that is still acceptable at ${level}`,
          group: 'Verdict',
        },
        {
          key: `tolerances.${role}.${level}.cell_change`,
          flag: null,
          value: cellChange,
          default: change,
          description: `change of the share of one range or category of a ${role} that is still acceptable at ${level}`,
          group: 'Verdict',
        },
      ];
    }),
  ),
  ...(Object.entries(severityDescriptions) as [SeverityRule, string][]).map(
    ([rule, description]): Setting => ({
      key: `severity.${rule}`,
      flag: null,
      value: { type: 'choice', values: [...severities, 'off'] },
      default: defaultVerdictSettings.severity[rule],
      description,
      group: 'Verdict',
    }),
  ),
  ...(Object.keys(qualityDescriptions) as QualityRule[]).flatMap((id): Setting[] => {
    const { threshold, severity } = defaultVerdictSettings.quality[id];
    const limit = qualityThresholds[id];
    return [
      ...(limit === null
        ? []
        : [
            {
              key: `quality.${qualityKey(id)}.threshold`,
              flag: null,
              value: { type: 'number', least: 0, most: limit.most },
              default: threshold,
              description: limit.description,
              group: 'Verdict',
            } as const,
          ]),
      {
        key: `quality.${qualityKey(id)}.severity`,
        flag: null,
        value: { type: 'choice', values: [...severities, 'off'] },
        default: severity,
        description: qualityDescriptions[id],
        group: 'Verdict',
      },
    ];
  }),
  {
    key: 'predictions.confidence_drop',
    flag: null,
    value: { type: 'number', above: 0, most: 0.99 },
    default: defaultVerdictSettings.predictions.confidenceDrop,
    description: "fall of the mean confidence that is tolerated, as a share of the reference's",
    group: 'Verdict',
  },
  {
    key: 'predictions.threshold',
    flag: null,
    value: { type: 'number', above: 0, most: 1 },
    defaultText: 'as outcomes.threshold',
    example: 0.4,
    description: 'the score that near the threshold and against the predicted class are about',
    group: 'Verdict',
  },
  {
    key: 'predictions.score',
    flag: null,
    value: { type: 'choice', values: ['probability', 'confidence'] },
    defaultText: 'by its name and the number of predicted classes, and said',
    example: 'confidence',
    description: 'what a single score is: the probability of one class, or the confidence in whatever was predicted',
    group: 'Verdict',
  },
  {
    key: 'predictions.invalid_share',
    flag: null,
    value: { type: 'number', least: 0, most: 1 },
    default: defaultVerdictSettings.predictions.invalidShare,
    description:
      'share of rows whose scores may lie outside 0 to 1, not add up to 1, or contradict the predicted class',
    group: 'Verdict',
  },
  ...(['min', 'max'] as const).map(
    (bound): Setting => ({
      key: `predictions.${bound}`,
      flag: null,
      value: { type: 'number' },
      defaultText: 'any',
      example: bound === 'min' ? 0 : 100,
      description: `the ${bound === 'min' ? 'smallest' : 'largest'} prediction that is allowed`,
      group: 'Verdict',
    }),
  ),
  {
    key: 'predictions.out_of_bounds_share',
    flag: null,
    value: { type: 'number', least: 0, most: 1 },
    default: defaultVerdictSettings.predictions.outOfBoundsShare,
    description: 'share of rows whose prediction may lie outside min and max',
    group: 'Verdict',
  },
  ...latencyPercentiles.map(
    (percentile): Setting => ({
      key: `service.latency_ms.${percentile}`,
      flag: null,
      value: { type: 'number', above: 0 },
      defaultText: 'no level',
      example: { p50: 100, p95: 300, p99: 1000 }[percentile],
      description: `${percentile.slice(1)} % of the requests are to be answered within so many milliseconds`,
      group: 'Verdict',
    }),
  ),
  {
    key: 'service.error_rate',
    flag: null,
    value: { type: 'number', least: 0, most: 1 },
    defaultText: 'no level',
    example: 0.01,
    description: 'share of the requests that may fail',
    group: 'Verdict',
  },
  {
    key: 'service.throughput_min',
    flag: null,
    value: { type: 'number', above: 0 },
    defaultText: 'no level',
    example: 0.5,
    description: 'requests a second, at least',
    group: 'Verdict',
  },
  {
    key: 'service.error_values',
    flag: null,
    value: { type: 'list', what: 'statuses such as error or timeout' },
    defaultText: 'error, failed, failure, timeout and the like; docs/service.md has the list',
    example: ['error', 'timeout'],
    description: 'statuses that mean a failed request, in any case; numbers from 500 on always do',
    group: 'Verdict',
  },
  {
    key: 'service.latency_unit',
    flag: null,
    value: { type: 'choice', values: latencyUnits },
    defaultText: "by the end of the column's name, e.g. _ms, else milliseconds",
    example: 's',
    description: 'the unit of the latency columns',
    group: 'Verdict',
  },
];

const report: readonly Setting[] = [
  {
    key: 'measures',
    flag: { name: 'measures', value: 'id...' },
    value: { type: 'list', what: 'ids or aliases of measures (see driftgate measures), or all' },
    default: defaultMeasures,
    description: 'the measures shown beside the gating ones, by id or alias, or all; they never change the verdict',
    group: 'Report',
  },
  {
    key: 'exact',
    flag: { name: 'exact' },
    value: { type: 'boolean' },
    default: false,
    description:
      'measure columns of more than 100,000 distinct values on every single value, not on intervals with a stated bound; slower, and both sides are held at once',
    group: 'Report',
  },
  {
    key: 'out',
    flag: { name: 'out', short: 'o', value: 'folder', none: true },
    value: { type: 'text', what: 'a folder' },
    default: 'driftgate-report',
    description: 'where the reports are written, e.g. report.json and report.html; --no-out writes none',
    group: 'Report',
  },
  {
    key: 'formats',
    flag: { name: 'format', value: 'name...' },
    value: { type: 'list', what: `any of ${reportFormats.join(', ')}` },
    default: defaultFormats,
    example: ['json', 'markdown'],
    description: 'the forms of the report that are written, each a file of its own; commas may separate them',
    group: 'Report',
  },
  {
    key: 'github_summary',
    flag: { name: 'github-summary' },
    value: { type: 'boolean' },
    default: false,
    description: 'add the report as Markdown to the job summary of GitHub Actions ($GITHUB_STEP_SUMMARY)',
    group: 'Report',
  },
  {
    key: null,
    flag: { name: 'json' },
    value: { type: 'boolean' },
    description: 'the report as JSON on standard output, in place of the summary',
    group: 'Report',
  },
  {
    key: null,
    flag: { name: 'quiet', short: 'q' },
    value: { type: 'boolean' },
    description: 'no summary, no progress and no remarks; errors are still printed',
    group: 'Report',
  },
  {
    key: null,
    flag: { name: 'color', negative: true, description: 'no colours in the summary' },
    value: { type: 'boolean' },
    defaultText: 'on a terminal, unless NO_COLOR is set; FORCE_COLOR=1 asks for it anywhere',
    description: 'whether the summary is coloured',
    group: 'Report',
  },
];

const run: readonly Setting[] = [
  {
    key: null,
    flag: { name: 'config', value: 'file', none: true },
    value: { type: 'text', what: 'a file' },
    defaultText: `${configFileNames[0]} in the working folder, if there is one`,
    description: 'where settings are read from; --no-config reads none',
    group: 'Run',
  },
  {
    key: null,
    flag: { name: 'set', value: 'key=value...' },
    value: { type: 'list', what: 'settings such as severity.nulls_up=P3' },
    description: 'any setting of the file by its key, e.g. columns.age.kind=numeric',
    group: 'Run',
  },
  {
    key: 'threads',
    flag: { name: 'threads', value: 'number' },
    value: count(1024),
    defaultText: 'every core',
    example: 4,
    description: 'cores that the engine may use; the verdict does not depend on it',
    group: 'Run',
  },
  {
    key: 'memory_limit',
    flag: { name: 'memory-limit', value: 'size' },
    value: {
      type: 'text',
      what: 'a size such as 600MB or 2GB',
      pattern: /^\d+(?:\.\d+)? ?[KMGT]i?B$/,
    },
    defaultText: '600MB',
    example: '2GB',
    description: 'memory for the engine; beyond it data is spilled to the temporary folder',
    group: 'Run',
  },
];

/** Of `driftgate profile`, the first two of `driftgate merge` too; flags only, as they belong to the file that is written. */
const profile: readonly Setting[] = [
  {
    key: null,
    flag: { name: 'output', short: 'o', value: 'file' },
    value: { type: 'text', what: 'a file' },
    defaultText: 'standard output',
    description: 'where to write the profile',
    group: 'Profile',
  },
  {
    key: null,
    flag: { name: 'gzip' },
    value: { type: 'boolean' },
    defaultText: 'for a name that ends with .gz',
    description: 'compress it',
    group: 'Profile',
  },
  {
    key: null,
    flag: { name: 'like', value: 'profile' },
    value: { type: 'text', what: 'a profile' },
    defaultText: 'cells of its own',
    description: 'count over the cells of this profile, so that the two can be compared and merged',
    group: 'Profile',
  },
  {
    key: null,
    flag: { name: 'min-count', value: 'rows' },
    value: { type: 'number', integer: true, least: 1 },
    defaultText: 'all of them are',
    description: 'categories of fewer rows are not told apart',
    group: 'Profile',
  },
  {
    key: null,
    flag: { name: 'redact', value: 'column...' },
    value: { type: 'list', what: 'column names' },
    defaultText: 'none',
    description: 'columns whose categories are named by salted hashes',
    group: 'Profile',
  },
];

/**
 * Everything that can be set: the parser, driftgate.yaml, the messages about both, the help text, docs/config.md and
 * docs/config.schema.json all read this one list.
 */
export const settings: readonly Setting[] = [
  ...data,
  ...columns,
  ...outcomes,
  ...verdict,
  ...report,
  ...run,
  ...profile,
];

/** What a value of this type has to be, to follow "it takes". */
export function expected(value: ValueType): string {
  switch (value.type) {
    case 'text':
    case 'list':
    case 'lists':
    case 'numbers':
      return value.what;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return oneOf(value.values);
    case 'number': {
      const from =
        value.above !== undefined ? `above ${value.above}` : value.least !== undefined ? `from ${value.least}` : '';
      const to =
        value.most === undefined ? '' : value.above === undefined ? `to ${value.most}` : `and at most ${value.most}`;
      return ['a', value.integer ? 'whole number' : 'number', from, to].filter((word) => word !== '').join(' ');
    }
  }
}

/** `a, b or c` */
export function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

/** A flag as it is typed, the placeholder left out. */
export function flagName(flag: Flag): string {
  return `--${flag.negative ? 'no-' : ''}${flag.name}`;
}
