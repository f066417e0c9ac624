import {
  type CalibrationPoint,
  type Direction,
  type EstimateCondition,
  type EstimatedMetric,
  type MetricId,
  metricIds,
} from '../../model/outcome.ts';
import type {
  JudgedMetric,
  LabelBias,
  OutcomeColumns,
  OutcomesReport,
  OutcomeTask,
  OutcomeWindow,
  ReportedCalibration,
  ReportedEstimate,
  ReportedJoin,
  ReportedMetric,
  ResidualHistogram,
  SeriesMetric,
  SidePerformance,
} from '../../model/outcomes.ts';
import {
  array,
  boolean,
  bounds,
  constant,
  count,
  named,
  nullable,
  number,
  object,
  oneOf,
  type Shape,
  string,
} from '../shape.ts';

const metricId = named('MetricId', 'A performance metric.', constant<MetricId>(...metricIds));
const direction = oneOf<Direction>({ higher: 'higher is better', lower: 'lower is better' });
const rejected = nullable(oneOf<'fail' | 'warn'>({ fail: 'beyond the fail level', warn: 'beyond the warn level' }));

const metric = named(
  'Metric',
  'One performance metric of one set of labelled rows.',
  object<ReportedMetric>({
    id: [metricId, 'which metric'],
    className: [nullable(string), 'the class against the rest that it is about; null when about all'],
    probability: [nullable(number), 'of a residual quantile; null otherwise'],
    value: [nullable(number), 'null when undefined'],
    interval: [nullable(bounds), '95 %; null when undefined or when the rows are too few to tell'],
    standardError: [nullable(number), "on the metric's own scale"],
    direction: [nullable(direction), 'which way is better; null for a number that should be near 0'],
    rows: [count, 'rows, or rows of a class, that it was made from'],
    method: [nullable(string), 'how the interval was formed'],
    reason: [nullable(string), 'why there is no value, or no interval'],
  }),
);

const estimatedMetric = object<EstimatedMetric>({
  id: [metricId, 'which metric'],
  className: [nullable(string), 'the class against the rest that it is about; null when about all'],
  value: [nullable(number), 'null when undefined'],
  interval: [nullable(bounds), '95 %, of what the labels will show; null when undefined'],
  standardError: [nullable(number), "on the metric's own scale"],
  direction: [nullable(direction), 'which way is better'],
  reason: [nullable(string), 'why there is no value'],
});

const calibration = object<ReportedCalibration>({
  className: [string, 'the class whose score it is'],
  bins: [oneOf<ReportedCalibration['bins']>({ 'equal-width': '', 'equal-mass': '' }), 'how the scores are binned'],
  points: [
    array(
      object<CalibrationPoint>({
        rows: [count, 'of the bin'],
        meanScore: [number, 'of the bin'],
        observed: [number, 'share of the class among them'],
        interval: [bounds, 'of that share, 95 %'],
      }),
    ),
    'bins that hold a row, ascending',
  ],
  expectedByChance: [number, 'the calibration error that a calibrated score would show on as many rows'],
});

const side = named(
  'SidePerformance',
  'Performance of one side, as far as it is labelled.',
  object<SidePerformance>({
    rows: [count, 'of the side'],
    labelled: [count, 'with a label and a prediction or score'],
    metrics: [array(metric), 'in a fixed order, classes within a metric'],
    confusion: [
      nullable(
        object<NonNullable<SidePerformance['confusion']>>({
          classes: [array(string), 'that occur as a label or as a prediction'],
          counts: [array(count), 'row-major: rows of label i that were predicted as class j'],
        }),
      ),
      'null for a regression, and without a predicted class',
    ],
    calibration: [array(calibration), 'by class and kind of bins'],
    residuals: [
      nullable(
        object<ResidualHistogram>({
          edges: [array(number), 'of intervals of equal width; what lies beyond joins the ends'],
          rows: [array(count), 'one less than edges'],
        }),
      ),
      'prediction − label of a regression; null otherwise',
    ],
  }),
);

const join: Shape<ReportedJoin> = object<ReportedJoin>({
  paths: [array(string), 'files of labels'],
  key: [string, "the log's column"],
  labelKey: [string, "the labels' column"],
  labels: [count, 'rows of the labels with a key and a label'],
  labelKeys: [count, 'distinct keys among them'],
  keyless: [count, 'rows of the labels without a key'],
  empty: [count, 'rows of the labels with a key and no label'],
  matched: [count, 'rows of the log that got a label'],
  unlabelled: [count, 'rows of the log without one'],
  orphanKeys: [count, 'labelled keys that no row of the log has'],
  repeatedKeys: [count, 'keys with several labels that agree'],
  conflictingKeys: [count, 'keys with several labels that contradict each other: not used'],
  contradictedRows: [count, 'rows of the log with such a key'],
  rowsWithoutKey: [count, 'rows of the log without a key'],
  repeatedRows: [count, 'rows of the log beyond the first of their key; each gets the label'],
  lag: [
    nullable(
      object<NonNullable<ReportedJoin['lag']>>({
        least: [number, 'smallest'],
        q50: [number, 'median'],
        q90: [number, '90 %'],
        q99: [number, '99 %'],
        most: [number, 'largest'],
      }),
    ),
    'seconds from a row to its label; null when one of them has no time',
  ],
});

const judged = object<JudgedMetric>({
  id: [metricId, 'which metric'],
  className: [nullable(string), 'the class against the rest that it is about; null when about all'],
  from: [oneOf<JudgedMetric['from']>({ labels: 'measured', estimate: 'estimated without labels' }), 'what it rests on'],
  baseline: [nullable(number), 'what it should be; null when unknown'],
  baselineFrom: [
    oneOf<JudgedMetric['baselineFrom']>({
      reference: "the reference's own labels and predictions",
      config: 'a number of the configuration',
    }),
    'where the baseline comes from',
  ],
  current: [nullable(number), 'what it is'],
  relative: [nullable(number), 'worsening as a share of the baseline; negative for an improvement'],
  tolerated: [
    object<JudgedMetric['tolerated']>({ warn: [number, 'share'], fail: [number, 'share'] }),
    'by how much it may get worse, as shares of the baseline',
  ],
  logPWarn: [nullable(number), 'natural logarithm of the p-value of "worse by at most the warn share"; null untested'],
  logPFail: [nullable(number), 'the same at the fail share'],
  rejected: [rejected, 'at which level it is proven to be worse'],
  window: [
    nullable(count),
    'place of the window that the strongest evidence comes from; null when it is the whole batch',
  ],
  reason: [nullable(string), 'why it was not tested'],
});

const estimate = object<ReportedEstimate>({
  method: [
    oneOf<ReportedEstimate['method']>({
      'confidence-based': 'from calibrated scores',
      'direct-loss': "from the reference's losses by prediction",
    }),
    'how it was formed',
  ],
  rows: [count, 'that took part'],
  metrics: [array(estimatedMetric), 'empty when refused'],
  conditions: [
    array(
      object<EstimateCondition>({
        id: [
          oneOf<EstimateCondition['id']>({
            'reference-rows': 'labelled rows of the reference',
            'reference-classes': 'labelled rows of a class',
            'current-rows': 'rows with a score',
            calibration: 'error of the calibration on rows that it was not learnt from',
            'score-range': "share of scores outside the reference's range",
            'unseen-values': 'share of rows with values the reference never had',
          }),
          'what was looked at',
        ],
        value: [nullable(number), 'null when it could not be looked at'],
        limit: [number, 'up to, or from, which it holds'],
        holds: [boolean, 'whether it does'],
        says: [string, 'in words'],
      }),
    ),
    'under which the estimate holds',
  ],
  refused: [nullable(string), 'the conditions that do not hold; null when all do'],
});

const series = array(
  object<SeriesMetric>({
    id: [metricId, 'which metric'],
    className: [nullable(string), 'the class against the rest that it is about; null when about all'],
    value: [nullable(number), 'null when undefined'],
    interval: [nullable(bounds), '95 %; null when undefined'],
  }),
);

export const outcomesShape: Shape<OutcomesReport> = named(
  'Outcomes',
  'How right the model was where labels have arrived, and how right it probably is elsewhere.',
  object<OutcomesReport>({
    task: [
      oneOf<OutcomeTask>({ binary: 'two classes', multiclass: 'more classes', regression: 'numbers' }),
      'what is predicted',
    ],
    positive: [nullable(string), 'the class that precision, recall and the score are about; null with more than two'],
    columns: [
      object<OutcomeColumns>({
        label: [string, 'as labels are called'],
        labelsFrom: [
          oneOf<OutcomeColumns['labelsFrom']>({ log: 'the log', file: 'a file of labels' }),
          'where they are',
        ],
        prediction: [nullable(string), 'null when the class follows from the scores'],
        scores: [
          array(
            object<OutcomeColumns['scores'][number]>({
              column: [string, 'the score'],
              className: [string, 'the class whose probability it is'],
            }),
          ),
          'scores that are used',
        ],
        threshold: [
          nullable(number),
          'the score from which on a row counts as positive; null where a class is predicted',
        ],
      }),
      'what the outcomes are made of',
    ],
    join: [nullable(join), 'how a file of labels met the log; null without one'],
    reference: [nullable(side), 'the baseline; null when the reference has no labels'],
    current: [nullable(side), 'null when no label was measured'],
    refused: [nullable(string), 'why the current side was not measured; null when it was'],
    judged: [array(judged), 'gated metrics'],
    estimate: [nullable(estimate), 'performance without labels; null where nothing can be learnt from the reference'],
    bias: [
      array(
        object<LabelBias>({
          column: [string, 'a prediction or score'],
          phiSquared: [number, 'labelled rows against the others'],
          cell: [string, 'whose share differs most'],
          labelled: [number, 'its share among labelled rows'],
          unlabelled: [number, 'its share among the others'],
          rejected: [rejected, 'at which level they are proven to differ'],
        }),
      ),
      'whether labelled rows are like the others; empty when all or none are labelled',
    ],
    windows: [
      array(
        object<OutcomeWindow>({
          from: [nullable(string), 'ISO 8601, UTC; null for windows of rows'],
          to: [nullable(string), 'not included'],
          rows: [count, 'of the window'],
          labelled: [count, 'of them with a label'],
          realised: [series, 'on the labels'],
          estimated: [series, 'without labels'],
          refused: [nullable(string), 'why there is no estimate'],
        }),
      ),
      'windows of the current side, oldest first; empty without any',
    ],
  }),
);
