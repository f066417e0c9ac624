import { defineQualityCheck } from '../model/quality.ts';
import { listed } from './missing-columns.ts';

/**
 * Columns of the current data that the reference lacks.
 *
 * Asks       did somebody add something that the model does not know?
 * Judged     by the rule `new_column`, one finding a column. It is off by default: an inference log always has columns that the
 *            training data never had.
 */
export const newColumns = defineQualityCheck({
  id: 'new-columns',
  title: 'New columns',
  summary: 'columns of the current data that the reference lacks',
  about: 'dataset',
  needs: ['schema'],
  measure: ({ added }) => [
    { column: null, role: null, reference: null, current: added.length, detail: listed(added), evidence: null },
  ],
});
