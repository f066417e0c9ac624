import type { FindingCode } from '../../../../model/verdict.ts';

/** Where to look first, for each finding. */
export const advice = {
  COLUMN_MISSING: 'Look at what writes the log: the model gets no value here, or a default.',
  TYPE_CHANGED: 'Look at the last change of the exporting code or of the schema.',
  NEW_COLUMN: 'Nothing to do unless the model should read it; then train with it.',
  DRIFT_FAIL: 'Find out whether the world or the pipeline changed; if the world, retrain on recent data.',
  DRIFT_WARN: 'Watch it: if the next batches stay here, treat it as at fail level.',
  MANY_DRIFT_WARN: 'Many at once seldom drift by themselves: look for one cause upstream.',
  PREDICTION_COLLAPSE: 'Take the model out of service or fall back: it answers the same whatever it is asked.',
  NULLS_UP: 'Look for a join, a source or a form field that stopped delivering.',
  UNSEEN_CATEGORIES: 'The model never learned these values: map them, or retrain with them.',
  OUT_OF_RANGE: 'Check the unit and the source; the model extrapolates beyond what it learned.',
  CONSTANT_BECAME_VARYING: 'The model could not learn from it: ask what switched it on.',
  VARYING_BECAME_CONSTANT: 'Look for a default that replaces the real value.',
  NEW_VALUES_NOTED: 'Below the hard rule: look again with the next batch.',
  DUPLICATE_ROWS: 'Look for a job that ran twice, or a join that multiplies rows.',
  COLUMN_RENAMED: 'If it is the same column, give it its old name back, or tell the configuration.',
  MIXED_TYPES: 'Look for a second writer, or for a default such as "n/a".',
  CARDINALITY_UP: 'Look for free text, ids or casing that came into a field of few values.',
  ALMOST_CONSTANT: 'Look for a default that replaces most of the real values.',
  ENTROPY_CHANGED: 'Values are more alike, or less, than they were: look at the distribution.',
} satisfies Record<FindingCode, string>;
