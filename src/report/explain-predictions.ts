import type { PredictionReport, ScoreMeaning } from '../model/predictions.ts';
import type { Report } from '../model/report.ts';
import { quoted } from '../model/text.ts';
import { formatCount, formatNumber, formatPValue, formatQuantity, formatShare } from './numbers.ts';
import type { Page } from './page.ts';
import { ruleWords } from './sections/predictions.ts';
import { partWords, type ShownWindow, shownWindows } from './windows.ts';
import { asSentence, log10FromNatural } from './words.ts';

const scoresShown = 12;
const windowsShown = 40;

const meaningWords = {
  probability: 'probabilities of the class that the model looks for',
  confidence: 'confidences of whatever was predicted',
  'class-scores': 'one probability a class',
} satisfies Record<ScoreMeaning, string>;

/** What predictions and scores say of themselves, in words. */
export function drawPredictions(page: Page, { predictions, time }: Report): boolean {
  if (predictions === undefined) return false;
  const { prediction, scores, meaning, reason, checks, concentration, bounds } = predictions;
  const names = scores.slice(0, scoresShown).map(({ column, class: name }) => {
    const of = name === null ? '' : ` of ${quoted(name, 30)}`;
    return `${quoted(column, 40)}${of}`;
  });
  if (prediction !== null) page.say(`Predictions of ${quoted(prediction, 60)}.`);
  if (scores.length > 0) {
    const more = scores.length > scoresShown ? ` … and ${formatCount(scores.length - scoresShown)} more` : '';
    page.say(`Scores: ${names.join(', ')}${more}.`);
  }
  page.say(
    meaning === null
      ? `They say nothing of confidence: ${reason}.`
      : `The scores are taken for ${meaningWords[meaning]}: ${reason}.`,
  );
  drawConfidence(page, predictions, shownWindows(predictions.windows, time?.zone));
  if (checks.length > 0) {
    page.heading('Rules that scores keep');
    page.table(
      ['rows with scores', 'reference', 'now', 'accepted', 'p', 'proven'],
      checks.map(({ rule, reference, current, tolerated, logP, rejected }) => [
        ruleWords[rule],
        partOf(reference),
        partOf(current),
        formatShare(tolerated),
        shownP(logP),
        rejected ? 'yes' : 'no',
      ]),
    );
    for (const { rule, notAsked } of checks) {
      if (notAsked !== null) page.item(`Scores ${ruleWords[rule]} were not tested: ${asSentence(notAsked)}`);
    }
  }
  if (concentration !== null) {
    const { value, reference, current, logP, rejected } = concentration;
    page.heading('The most frequent prediction');
    page.say(
      `${quoted(value, 60)} is ${partOf(current)} of the predictions now, and was ${partOf(reference)}; that nearly every prediction is ` +
        `the same is ${rejected ? 'proven' : 'not proven'}${logP === null ? '' : ` (p ${formatPValue(log10FromNatural(logP))})`}.`,
    );
  }
  for (const { column, min, max, below, above, rows, tolerated, smallest, largest } of bounds) {
    page.heading(`Bounds of ${quoted(column, 40)}`);
    const from = min === null ? '' : ` from ${formatNumber(min)}`;
    const to = max === null ? '' : ` to ${formatNumber(max)}`;
    const found =
      smallest === null || largest === null ? '' : `; found ${formatNumber(smallest)} to ${formatNumber(largest)}`;
    page.say(
      `Written down:${from}${to}${found}. ${formatQuantity(below, 'row')} below and ${formatCount(above)} above, of ` +
        `${formatCount(rows)}; ${formatShare(tolerated)} may be.`,
    );
  }
  return true;
}

function drawConfidence(page: Page, { confidence, windows }: PredictionReport, named: readonly ShownWindow[]): void {
  if (confidence === null) return;
  const { reference, current, drop, interval, tolerated, logP, rejected, threshold, near, part } = confidence;
  page.heading('Confidence');
  const row = (name: string, of: (side: typeof reference) => string) => [name, of(reference), of(current)];
  page.table(
    ['', 'reference', 'now'],
    [
      row('rows', ({ rows }) => formatCount(rows)),
      row('mean', ({ mean }) => formatNumber(mean)),
      row('standard deviation', ({ std }) => formatNumber(std)),
      row('5 % of rows below', ({ quantiles }) => formatNumber(quantiles.q05, 3)),
      row('half below', ({ quantiles }) => formatNumber(quantiles.q50, 3)),
      row('95 % below', ({ quantiles }) => formatNumber(quantiles.q95, 3)),
      row(`nearer than ${formatNumber(near)} to ${formatNumber(threshold)}`, ({ nearThreshold, rows }) =>
        partOf({ rows: nearThreshold, of: rows }),
      ),
      ...(reference.entropy === null && current.entropy === null
        ? []
        : [row('entropy in bits', ({ entropy }) => (entropy === null ? '–' : formatNumber(entropy, 3)))]),
    ],
  );
  const moved = drop >= 0 ? `fell by ${formatShare(drop)}` : `rose by ${formatShare(-drop)}`;
  const ends = interval.map(formatShare).join(' to ');
  const where = part === null ? '' : ` ${partWords(part, named)}`;
  const proven =
    logP === null
      ? 'not tested'
      : `${rejected ? 'proven' : 'not proven'} to be more than that${rejected ? where : ''} (p ${formatPValue(log10FromNatural(logP))})`;
  page.say(
    `The mean ${moved} of itself; the fall of the population lies within ${ends}. ${formatShare(tolerated)} is accepted, and the fall ` +
      `is ${proven}.`,
  );
  if (windows.length < 2) return;
  page.heading('Confidence by window');
  page.table(
    ['window', 'rows', 'mean', `near ${formatNumber(threshold)}`, 'less than accepted'],
    windows
      .slice(0, windowsShown)
      .map(({ rows, confidence: own }, i) => [
        named[i]!.name,
        formatCount(own?.rows ?? rows),
        own === null ? '–' : formatNumber(own.mean, 3),
        own === null ? '–' : partOf({ rows: own.nearThreshold, of: own.rows }),
        own === null || !own.asked ? 'not tested' : own.beyond ? 'proven' : 'not proven',
      ]),
  );
  if (windows.length > windowsShown) page.say(`… and ${formatCount(windows.length - windowsShown)} more.`);
}

function partOf({ rows, of }: { readonly rows: number; readonly of: number }): string {
  return of === 0 ? '–' : formatShare(rows / of);
}

function shownP(logP: number | null): string {
  return logP === null ? '–' : formatPValue(log10FromNatural(logP)).replace(/^= /, '');
}
