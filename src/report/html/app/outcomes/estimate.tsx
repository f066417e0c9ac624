import type { EstimateCondition } from '../../../../model/outcome.ts';
import type { OutcomesReport } from '../../../../model/outcomes.ts';
import { formatQuantity } from '../../../numbers.ts';
import { Sentence } from '../parts/text.tsx';

const methods = {
  'confidence-based': 'confidence-based estimation (CBPE): from calibrated scores',
  'direct-loss': 'direct loss estimation (DLE): from the errors in the reference',
} as const;

const conditionWords = {
  'reference-rows': 'labelled rows in the reference',
  'reference-classes': 'rows of each class in the reference',
  'current-rows': 'rows to estimate for',
  calibration: 'the scores are calibrated',
  'score-range': 'within the range of the reference',
  'unseen-values': 'values that the reference knows',
} satisfies Record<EstimateCondition['id'], string>;

/** How performance was estimated where labels are missing, and whether that holds. */
export function Estimate({ outcomes: { estimate } }: { outcomes: OutcomesReport }) {
  if (estimate === null) return null;
  const broken = estimate.conditions.filter(({ holds }) => !holds);
  // of several scores one condition each: it holds when it does for all
  const held = [...new Set(estimate.conditions.map(({ id }) => id))].filter(
    (id) => !broken.some((one) => one.id === id),
  );
  return (
    <>
      <h3>Estimated without labels</h3>
      <p class="small">
        By {methods[estimate.method]}, on {formatQuantity(estimate.rows, 'row')}. It sees what moves the features, and
        not a changed relation between features and outcome.
      </p>
      {estimate.refused !== null && (
        <p class="error">
          <b>No estimate.</b> <Sentence>{estimate.refused}</Sentence>
        </p>
      )}
      {/* a condition says in words how it is broken */}
      <ul class="conditions">
        {held.map((id) => (
          <li key={id}>
            <span aria-hidden="true">✓</span> holds: {conditionWords[id]}
          </li>
        ))}
        {broken.map(({ says }, i) => (
          <li key={i} class="broken">
            <span aria-hidden="true">✕</span> does not hold: <Sentence>{says}</Sentence>
          </li>
        ))}
      </ul>
    </>
  );
}
