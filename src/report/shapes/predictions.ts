import type {
  Concentration,
  ConfidenceProfile,
  ConfidenceReport,
  ConfidenceWindow,
  PredictionBounds,
  PredictionReport,
  PredictionSeries,
  PredictionWindow,
  RuleCount,
  ScoreCheck,
  ScoreColumn,
  ScoreHistogram,
  ScoreMeaning,
  ScoreRule,
} from '../../model/predictions.ts';
import { array, boolean, bounds, count, named, nullable, number, object, oneOf, string } from '../shape.ts';

const asked = {
  logP: [nullable(number), 'natural logarithm of the p-value; null when it was not asked'],
  rejected: [boolean, 'true when it is proven'],
} as const;

const profile = named(
  'ConfidenceProfile',
  "How confident one side's predictions are; a confidence is a number of 0 … 1.",
  object<ConfidenceProfile>({
    rows: [count, 'rows with a confidence: those whose scores are all there and within 0 … 1'],
    mean: [number, 'arithmetic mean'],
    std: [number, 'sample standard deviation; 0 for one row'],
    quantiles: [
      object<ConfidenceProfile['quantiles']>({
        q01: [number, 'quantile at 0.01'],
        q05: [number, 'quantile at 0.05'],
        q25: [number, 'lower quartile'],
        q50: [number, 'median'],
        q75: [number, 'upper quartile'],
        q95: [number, 'quantile at 0.95'],
        q99: [number, 'quantile at 0.99'],
      }),
      'within the resolution',
    ],
    nearThreshold: [count, 'rows whose score is near the threshold'],
    entropy: [
      nullable(number),
      'mean over the rows of the entropy of their class probabilities, in bits; null for a mere confidence',
    ],
  }),
);

const confidence = object<ConfidenceReport>({
  reference: [profile, 'then'],
  current: [profile, 'now'],
  drop: [number, "fall of the mean as a share of the reference's; negative when it rose"],
  interval: [bounds, "of the population's fall, each bound at the run's alpha"],
  tolerated: [number, 'the largest fall that is acceptable'],
  threshold: [number, 'the score from which on the model says yes'],
  near: [number, 'a score nearer to the threshold than this is near it'],
  resolution: [number, 'step of the grid that confidences are counted on'],
  part: [
    nullable(
      object<NonNullable<ConfidenceReport['part']>>({
        form: [
          oneOf<'window' | 'suffix'>({ window: 'one window', suffix: 'everything from one window on' }),
          'which part',
        ],
        from: [count, 'place of its first window'],
        to: [count, 'place after its last window'],
      }),
    ),
    'of the batch, that the strongest evidence comes from; null when it is the whole',
  ],
  since: [nullable(count), 'place of the first window that is proof by itself; null when none is'],
  ...asked,
});

const ruleCount = named(
  'RuleCount',
  'Rows for which something holds.',
  object<RuleCount>({
    rows: [count, 'for which it holds'],
    of: [count, 'of which it can be asked'],
  }),
);

const check = object<ScoreCheck>({
  rule: [
    oneOf<ScoreRule>({
      'within-0-1': 'every score is a number of 0 … 1',
      'sum-to-1': 'the class scores of a row add up to 1, within 0.01',
      'largest-score': 'the predicted class is the one with the largest score',
    }),
    'what valid scores keep',
  ],
  reference: [ruleCount, 'rows of the reference that break it'],
  current: [ruleCount, 'rows of the current side that break it'],
  tolerated: [number, 'share of rows that may break it'],
  notAsked: [nullable(string), 'why it was not asked; null when it was'],
  ...asked,
});

const concentration = object<Concentration>({
  value: [string, 'the most frequent prediction now'],
  reference: [ruleCount, 'rows of the reference that hold it; at most so many where it is none of the most frequent'],
  current: [ruleCount, 'rows of the current side that hold it'],
  ...asked,
});

const predictionBounds = object<PredictionBounds>({
  column: [string, 'the prediction'],
  min: [nullable(number), 'smallest that is allowed; null for any'],
  max: [nullable(number), 'largest that is allowed; null for any'],
  below: [count, 'rows below it'],
  above: [count, 'rows above it'],
  rows: [count, 'rows with a prediction that is a number'],
  tolerated: [number, 'share of rows that may lie outside'],
  smallest: [nullable(number), 'smallest finite prediction'],
  largest: [nullable(number), 'largest finite prediction'],
});

const histogram = object<ScoreHistogram>({
  edges: [array(number), 'ascending, one more than cells'],
  classes: [
    array(
      object<ScoreHistogram['classes'][number]>({
        class: [nullable(string), 'the predicted class; null for all others'],
        reference: [array(count), 'rows of the reference in each cell'],
        current: [array(count), 'rows of the current side in each cell'],
      }),
    ),
    'most frequent first',
  ],
});

const predictionWindow = object<PredictionWindow>({
  from: [nullable(string), 'ISO 8601, UTC; null for windows of rows'],
  to: [nullable(string), 'not included'],
  rows: [count, 'of the window'],
  confidence: [
    nullable(
      object<ConfidenceWindow>({
        rows: [count, 'rows with a confidence'],
        mean: [number, 'arithmetic mean'],
        std: [number, 'sample standard deviation; 0 for one row'],
        interval: [bounds, "of the population's mean, each bound at the run's alpha"],
        nearThreshold: [count, 'rows whose score is near the threshold'],
        asked: [boolean, 'whether the window may decide: it has enough rows, and no rhythm that is not known'],
        beyond: [boolean, 'true when it is proven by itself to have fallen by more than is tolerated'],
      }),
    ),
    'null where no row has a confidence',
  ],
});

const predictionSeries = object<PredictionSeries>({
  form: [
    oneOf<PredictionSeries['form']>({
      mean: 'of the finite values of a prediction or score',
      share: 'of the rows with a prediction that hold one class',
    }),
    'what is told of each window',
  ],
  column: [string, 'the prediction or score'],
  class: [nullable(string), 'the predicted class; null for a mean'],
  reference: [nullable(number), 'the same of the reference; null when it has none'],
  current: [nullable(number), 'the same of the whole current side'],
  windows: [array(nullable(number)), 'one a window, in their order; null where no row has one'],
});

export const predictionShape = named(
  'Predictions',
  'What predictions and scores say of themselves; docs/predictions.md explains it.',
  object<PredictionReport>({
    prediction: [nullable(string), 'the column of the predicted class or value'],
    scores: [
      array(
        object<ScoreColumn>({
          column: [string, 'the score'],
          class: [nullable(string), 'the class that it belongs to; null when there is none or it is not known'],
        }),
      ),
      'the columns of the scores',
    ],
    meaning: [
      nullable(
        oneOf<ScoreMeaning>({
          probability: 'of the one class that the model looks for; the confidence is the larger of p and 1 − p',
          confidence: 'of whatever was predicted',
          'class-scores': 'one a class; the confidence is the largest',
        }),
      ),
      'what the scores are taken for; null when they say nothing of confidence',
    ],
    reason: [string, 'why'],
    confidence: [nullable(confidence), 'of both sides; null when it was not measured on both'],
    checks: [array(check), 'the rules that valid scores keep'],
    concentration: [nullable(concentration), 'whether nearly every prediction is the same'],
    bounds: [array(predictionBounds), 'predictions against the range that the user wrote down'],
    histogram: [nullable(histogram), 'rows by score (of class scores: the largest) and predicted class'],
    windows: [array(predictionWindow), 'windows of the current side, oldest first; empty without any'],
    series: [
      array(predictionSeries),
      'means and shares of classes by window, shown and not gated; empty without windows',
    ],
  }),
);
