import {
  type Agreement,
  type ComparedVersion,
  type CompareReport,
  compareSchemaVersion,
  type PairedMetric,
  type PairedReport,
  type PairedVersion,
  pairedMetricIds,
  type VersionRole,
} from '../../model/compare.ts';
import type { ConfigRecord } from '../../model/run.ts';
import { datasetShape } from '../../model/shapes.ts';
import type { GateStatus } from '../../model/verdict.ts';
import { column, finding, severity } from '../report-shape.ts';
import {
  array,
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
} from '../shape.ts';
import { outcomesShape } from '../shapes/outcomes.ts';
import { predictionShape } from '../shapes/predictions.ts';
import { serviceShape } from '../shapes/service.ts';

const version = named(
  'Version',
  'A version of the model in the log.',
  object<ComparedVersion>({
    version: [string, 'as the log has it'],
    rows: [count, 'rows that it wrote'],
  }),
);

const versionRole = oneOf<VersionRole>({
  champion: 'the version that decides today',
  challenger: 'the version that is tried',
});

const differenceFields = {
  rows: [count, 'pairs that have both'],
  mean: [number, "mean of the challenger's number less the champion's"],
  interval: [bounds, "of the population's, each bound at half the run's alpha"],
  meanAbsolute: [number, 'mean of its size'],
  rootMeanSquare: [number, 'root of the mean of its square'],
} as const;

const agreement: Shape<Agreement> = either(
  object<Extract<Agreement, { form: 'classes' }>>({
    form: [constant('classes'), 'predictions are classes'],
    classes: [array(nullable(string)), 'null stands for all other classes, and for rows without one'],
    counts: [array(array(count)), "pairs by the champion's class and, within, by the challenger's"],
    disagreed: [count, 'pairs whose classes differ'],
    of: [count, 'pairs with a class on both sides'],
    interval: [bounds, "Wilson's interval of the share, each bound at half the run's alpha"],
  }),
  object<Extract<Agreement, { form: 'values' }>>({
    form: [constant('values'), 'predictions are values'],
    ...differenceFields,
  }),
);

const pairedVersion = object<PairedVersion>({
  keyless: [count, 'rows without an id'],
  repeated: [count, 'rows that share their id with another of the version'],
  alone: [count, 'rows whose id the other version does not have by itself'],
});

const metric = named(
  'PairedMetric',
  'A metric of both on the same labelled requests.',
  object<PairedMetric>({
    id: [constant<PairedMetric['id']>(...pairedMetricIds), 'the metric'],
    rows: [count, 'labelled pairs'],
    champion: [number, "the champion's"],
    challenger: [number, "the challenger's"],
    difference: [number, "the challenger's less the champion's"],
    differenceInterval: [
      nullable(bounds),
      "of the population's, each bound at half the run's alpha; null where one of two roots is 0",
    ],
    worse: [nullable(number), "by how much the challenger is worse, as a share of the champion's; null when that is 0"],
    interval: [nullable(bounds), "of the population's, each bound at half the run's alpha"],
    logPNoDifference: [
      number,
      'natural logarithm of the p-value of "no difference": McNemar for accuracy, DeLong for ROC-AUC, else paired t',
    ],
    better: [
      nullable(versionRole),
      'whose number is proven to be better, by how little soever; null when neither was asked, or is',
    ],
    tolerated: [
      object<PairedMetric['tolerated']>({ warn: [number, 'as a share'], fail: [number, 'as a share'] }),
      'by how much it may be worse',
    ],
    logPWarn: [number, 'natural logarithm of the p-value of "worse by no more than warn"'],
    logPFail: [number, 'natural logarithm of the p-value of "worse by no more than fail"'],
    rejected: [nullable(oneOf<'warn' | 'fail'>({ warn: '', fail: '' })), 'what is proven; null for nothing'],
  }),
);

const paired = object<PairedReport>({
  key: [string, 'the column whose value names a request'],
  rows: [count, 'requests that both versions answered once'],
  champion: [pairedVersion, 'rows of the champion that are in no pair'],
  challenger: [pairedVersion, 'rows of the challenger that are in no pair'],
  prediction: [nullable(string), 'the column of the predictions'],
  agreement: [nullable(agreement), 'how far the predictions agree'],
  scores: [
    array(object<PairedReport['scores'][number]>({ column: [string, 'the score'], ...differenceFields })),
    'how far the scores differ',
  ],
  labels: [
    nullable(
      object<NonNullable<PairedReport['labels']>>({
        column: [string, 'the label'],
        rows: [count, 'pairs that have one'],
      }),
    ),
    'null without labels',
  ],
  metrics: [array(metric), 'with labels'],
  untold: [
    array(
      object<PairedReport['untold'][number]>({
        id: [constant<PairedMetric['id']>(...pairedMetricIds), 'the metric'],
        reason: [string, 'why it is not told'],
      }),
    ),
    'metrics that labels would give',
  ],
});

export const compareShape: Shape<CompareReport> = object<CompareReport>({
  schemaVersion: [constant<number>(compareSchemaVersion), 'version of this contract; raised when a reader would break'],
  kind: [constant('compare'), 'says that two versions of a model are compared'],
  tool: [
    object<CompareReport['tool']>({
      name: [constant('driftgate'), 'says that driftgate made it'],
      version: [string, "the tool's version"],
      engine: [string, "the engine's name and version"],
    }),
    'what made the report',
  ],
  gate: [
    object<CompareReport['gate']>({
      status: [
        oneOf<GateStatus>({
          pass: 'the challenger is not proven to be worse',
          breach: 'the challenger is worse: a finding at or above failOn',
          'no-verdict': 'nothing could be decided',
        }),
        'the verdict',
      ],
      exitCode: [constant<0 | 1 | 2>(0, 1, 2), '0 pass, 1 breach, 2 no verdict'],
      reason: [string, 'the verdict in a sentence'],
      failOn: [severity, 'findings from this severity on breach the gate'],
    }),
    'what a pipeline acts on',
  ],
  champion: [version, 'the version that decides today'],
  challenger: [version, 'the version that is tried'],
  leader: [nullable(versionRole), 'who is better on the labelled requests of both; null where that is not proven'],
  standing: [string, 'the same in a sentence'],
  versions: [
    object<CompareReport['versions']>({
      column: [string, 'the column that names the model'],
      found: [array(version), 'most frequent first'],
    }),
    'all versions in the log',
  ],
  findings: [array(finding), 'what makes the challenger worse'],
  differences: [array(finding), 'how it differs; never gated'],
  columns: [array(column), 'predictions and scores, the champion as the reference'],
  predictions: [nullable(predictionShape), 'what predictions and scores say of themselves'],
  service: [nullable(serviceShape), 'how the service answered, the champion as the reference'],
  outcomes: [nullable(outcomesShape), 'metrics of both as two samples, by the labels that their own rows hold'],
  paired: [nullable(paired), 'the same requests; null when no id tells them'],
  unpaired: [nullable(string), 'why no requests were paired'],
  method: [
    object<CompareReport['method']>({
      alpha: [number, 'probability of any false finding, one half for each of the two families'],
      familySize: [count, 'hypotheses on the two versions as two samples'],
      pairedFamilySize: [count, 'hypotheses on the pairs'],
    }),
    'how the verdict was formed',
  ],
  dataset: [datasetShape, 'the log'],
  config: [
    object<ConfigRecord>({
      file: [nullable(string), 'where the configuration came from; null when there was none'],
      sha256: [string, 'of the effective settings, canonical JSON'],
      values: [record(json), 'the effective settings'],
    }),
    'what the run obeyed',
  ],
  notes: [array(string), 'things decided on the way that a reader should know'],
  run: [
    object<CompareReport['run']>({
      startedAt: [string, 'ISO 8601, UTC'],
      durationMs: [number, 'wall-clock time'],
      threads: [count, "the engine's threads"],
    }),
    'the only part that differs between two runs over the same input',
  ],
});

/** JSON Schema, draft 2020-12, of a comparison. */
export function compareSchema(): JsonSchema {
  const definitions: Definitions = new Map();
  const root = compareShape.schema(definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'driftgate comparison of two model versions',
    description: `Result of one run of driftgate compare, version ${compareSchemaVersion} of the contract. Numbers are finite or null.`,
    ...root,
    $defs: Object.fromEntries(definitions),
  };
}
