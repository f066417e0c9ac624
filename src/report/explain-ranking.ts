import type { Report } from '../model/report.ts';
import { quoted } from '../model/text.ts';
import { formatCount, formatDistance, formatNumber, formatQuantity, formatShare } from './numbers.ts';
import type { Page } from './page.ts';
import { asSentence, outcomeWords } from './words.ts';

const columnsShown = 20;

/** Which columns matter, in words. */
export function drawRanking(page: Page, { ranking }: Report): boolean {
  if (ranking === undefined) return false;
  const { importance, predictions } = ranking;
  if (importance.length > 0) {
    page.heading('Drift × importance');
    page.table(
      ['column', 'importance', 'φ²', 'share of all', 'outcome'],
      importance
        .slice(0, columnsShown)
        .map(({ column, importance: given, phiSquared, share, outcome }) => [
          column,
          formatNumber(given),
          phiSquared === null ? '–' : formatDistance(phiSquared),
          share === null ? '–' : formatShare(share),
          outcomeWords[outcome].word,
        ]),
    );
    if (importance.length > columnsShown) page.say(`… and ${formatCount(importance.length - columnsShown)} more.`);
    if (importance.every(({ share }) => share === null)) page.say('No column with an importance has drifted.');
  }
  for (const { column, role, phiSquared, columns, left, sentence } of predictions) {
    page.heading(`The drift of the ${role} ${quoted(column, 40)}, φ² ${formatDistance(phiSquared)}`);
    page.say(
      'The batch as a whole is weighted so that one column has the distribution that it had in the reference; what is then left of the ' +
        'drift did not go with that column. It is an association, not a cause.',
    );
    page.table(
      ['weighted back', 'its φ²', 'goes with it', 'φ² left', 'effective rows', 'not covered'],
      columns
        .slice(0, columnsShown)
        .map((one) => [
          one.column,
          formatDistance(one.phiSquared),
          formatShare(one.explained),
          formatDistance(one.reweighted),
          formatCount(one.effectiveRows),
          formatShare(one.uncovered),
        ]),
    );
    const unseen = Math.max(0, columns.length - columnsShown) + left;
    if (unseen > 0) page.say(`${formatQuantity(unseen, 'more column')} explain less.`);
    page.item(asSentence(sentence ?? 'no single column explains it'));
  }
  if (predictions.length === 0) page.say('No prediction or score has moved by enough to ask what goes with it.');
  return true;
}
