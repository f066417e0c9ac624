import type { ExplainedPrediction, ImportantColumn } from '../../model/ranking.ts';
import type { Report } from '../../model/report.ts';
import { terminalText, wrap } from '../display-width.ts';
import { cells, code, table } from '../markdown-text.ts';
import { formatDistance, formatNumber, formatQuantity } from '../numbers.ts';
import type { Family } from '../prometheus.ts';
import { outcomeWords, shownName, unique } from '../words.ts';

/** Which columns matter: by importance, and by the prediction's drift that goes with theirs. */

const columnsShown = 5;
const predictionsShown = 2;
const tableBytes = 4000;
/** What explains less is left to report.json. */
const worthTelling = 0.05;

export function terminalLines({ ranking }: Report, width: number): string[] {
  if (!ranking) return [];
  const { importance, predictions } = ranking;
  const weighty = importance.filter(({ share }) => (share ?? 0) >= worthTelling).slice(0, columnsShown);
  const byImportance = weighty.map(({ column, share }) => `${terminalText(shownName(column, 40))} ${rounded(share!)}`);
  return [
    ...(byImportance.length === 0 ? [] : wrap(`drift × importance: ${byImportance.join(', ')}`, width)),
    ...predictions.slice(0, predictionsShown).flatMap((prediction) => wrap(goesWith(prediction), width)),
  ];
}

function goesWith(prediction: ExplainedPrediction): string {
  const told = worth(prediction)
    .slice(0, columnsShown)
    .map(({ column, explained }) => `${terminalText(shownName(column, 40))} ${rounded(explained)}`);
  const name = terminalText(shownName(prediction.column, 40));
  return told.length === 0
    ? `the drift of ${name} goes with that of no single column`
    : `the drift of ${name} goes with that of ${told.join(', ')} (association, not cause)`;
}

function worth({ columns }: ExplainedPrediction) {
  return columns.filter(({ explained }) => explained >= worthTelling);
}

/** In whole percent: what is estimated from cells is not known more closely. */
function rounded(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function markdownLines({ ranking }: Report): string[] {
  if (!ranking) return [];
  const { importance, predictions } = ranking;
  const more = (left: number) => `… and ${formatQuantity(left, 'more column')}: report.json has them all.`;
  const parts = [
    ...(importance.length === 0
      ? []
      : [
          [
            '### Drift × importance',
            '',
            table(
              ['column', '>importance', '>φ²', '>share', 'outcome'],
              importance.map((entry) => importanceRow(entry)),
              tableBytes,
              more,
            ),
          ],
        ]),
    ...predictions.slice(0, predictionsShown).map((prediction) => [
      `### What the drift of ${code(prediction.column, 60)} goes with`,
      '',
      table(
        ['column', '>of its drift', '>φ² left', '>effective rows'],
        worth(prediction).map(({ column, explained, reweighted, effectiveRows }) =>
          cells([code(column, 60), rounded(explained), formatDistance(reweighted), formatNumber(effectiveRows, 7)]),
        ),
        tableBytes,
        more,
      ),
      '',
      'The share of its drift that disappears when the log is weighted to the distribution that the column had in the reference: an association, not a cause.',
    ]),
  ];
  return parts.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

function importanceRow({ column, importance, phiSquared, share, outcome }: ImportantColumn): string {
  return cells([
    code(column, 60),
    formatNumber(importance),
    phiSquared === null ? '' : formatDistance(phiSquared),
    share === null ? '' : rounded(share),
    `${outcomeWords[outcome].symbol} ${outcomeWords[outcome].word}`,
  ]);
}

export function prometheusFamilies({ ranking }: Report): Family[] {
  if (!ranking) return [];
  const { importance, predictions } = ranking;
  const names = unique(importance.map(({ column }) => shownName(column, 200)));
  const explained = unique(predictions.map(({ column }) => shownName(column, 200)));
  return [
    {
      name: 'column_importance',
      help: 'Importance of the column to the model, as given.',
      samples: importance.map(({ importance: value }, i) => ({ labels: { column: names[i]! }, value })),
    },
    {
      name: 'column_drift_weight',
      help: 'Drift of the column times its importance.',
      samples: importance.flatMap(({ weight }, i) =>
        weight === null ? [] : [{ labels: { column: names[i]! }, value: weight }],
      ),
    },
    {
      name: 'prediction_drift_explained_ratio',
      help: "Share of the prediction's drift that disappears with the reference's distribution of a column.",
      samples: predictions.flatMap(({ columns }, i) => {
        const own = unique(columns.map(({ column }) => shownName(column, 200)));
        return columns.map(({ explained: value }, c) => ({
          labels: { prediction: explained[i]!, column: own[c]! },
          value,
        }));
      }),
    },
  ];
}
