import { type Role, roles } from '../../model/profile.ts';
import type { ExplainedPrediction, ExplainingColumn, ImportantColumn, Ranking } from '../../model/ranking.ts';
import type { Outcome } from '../../model/verdict.ts';
import { array, constant, count, named, nullable, number, object, type Shape, string } from '../shape.ts';

const role = named('Role', 'What a column is for.', constant<Role>(...roles));

const important = named(
  'ImportantColumn',
  'A column by drift × importance.',
  object<ImportantColumn>({
    column: [string, 'its name'],
    importance: [number, 'as given'],
    phiSquared: [nullable(number), 'how far it drifted; null where there is nothing to compare'],
    weight: [nullable(number), 'φ² × importance'],
    share: [nullable(number), 'of the sum over all columns with an importance'],
    outcome: [constant<Outcome>('stable', 'drift', 'undetermined', 'not-tested'), 'what was decided of it'],
  }),
);

const explaining = named(
  'ExplainingColumn',
  "What is left of a prediction's drift when the log has the reference's distribution of one column.",
  object<ExplainingColumn>({
    column: [string, 'the column'],
    phiSquared: [number, 'how far the column itself drifted'],
    reweighted: [number, 'φ² of the prediction, re-weighted'],
    explained: [number, 'the share of the drift that disappears; negative when it would be larger'],
    uncovered: [number, "share of the reference's rows whose cells hold no row of the log"],
    effectiveRows: [count, 'equally weighted rows that would say as much'],
  }),
);

const prediction = named(
  'ExplainedPrediction',
  'A prediction that moved, and the columns whose drift its own goes with.',
  object<ExplainedPrediction>({
    column: [string, 'the prediction'],
    role: [role, 'prediction or score'],
    phiSquared: [number, 'how far it drifted'],
    columns: [array(explaining), 'the largest share first'],
    left: [
      count,
      'columns that drifted too little to explain a twentieth of it, or less than the forty that are shown',
    ],
    sentence: [nullable(string), 'the first in words; null when none explains anything'],
  }),
);

export const rankingShape: Shape<Ranking> = named(
  'Ranking',
  'Which columns matter.',
  object<Ranking>({
    importance: [array(important), 'by drift × importance, largest first; empty without importances'],
    predictions: [array(prediction), 'predictions and scores that moved'],
  }),
);
