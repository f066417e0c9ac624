import type { ComponentChildren } from 'preact';
import type { ConfidenceProfile, PredictionReport } from '../../../../model/predictions.ts';
import { formatNumber, formatPoints, formatPValue, formatShare } from '../../../numbers.ts';
import { partWords, shownWindows } from '../../../windows.ts';
import { log10FromNatural } from '../../../words.ts';
import { ToleranceScale } from '../charts/tolerance-scale.tsx';
import { Num, Share, signed } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName } from '../parts/sides.tsx';
import { Sentence } from '../parts/text.tsx';

const three = (value: number) => value.toFixed(3);

/** How sure the model is, then and now. */
export function Confidence({
  predictions: { confidence, meaning, reason, windows },
  zone,
}: {
  predictions: PredictionReport;
  /** whose days the windows are */
  zone: string | undefined;
}) {
  if (confidence === null) {
    return meaning === null ? (
      <p class="small">
        Nothing is told of confidence: <Sentence>{reason}</Sentence>
      </p>
    ) : null;
  }
  const { reference, current, drop, interval, tolerated, logP, rejected, part } = confidence;
  const fall = drop < 0 ? `rose by ${formatShare(-drop)}` : `fell by ${formatShare(drop)}`;
  const p = logP === null ? '' : `, p ${formatPValue(log10FromNatural(logP)).replace(/^= /, '')}`;
  const row = (name: ComponentChildren, of: (side: ConfidenceProfile) => number | null) => {
    const [before, now] = [of(reference), of(current)];
    return (
      <tr>
        <th scope="row">{name}</th>
        <td>
          <Num value={before} format={three} />
        </td>
        <td>
          <Num value={now} format={three} />
        </td>
        <td>{before === null || now === null ? '–' : <Num value={now - before} format={signed(three)} />}</td>
      </tr>
    );
  };
  return (
    <>
      <h3>Confidence</h3>
      <div class="cards wide">
        <div>
          <p>
            {rejected ? (
              <b class="rejected fail">
                <span aria-hidden="true">▲</span> The mean confidence{' '}
                {part === null
                  ? fall
                  : `fell by more than ${formatShare(tolerated)} ${partWords(part, shownWindows(windows, zone))}, over the whole it ${fall}`}
              </b>
            ) : (
              <>The mean confidence {fall}</>
            )}{' '}
            <span class="small">
              (the fall of the population: {formatShare(interval[0])} to {formatShare(interval[1])};{' '}
              {formatShare(tolerated)} is accepted{p})
            </span>
          </p>
          <ToleranceScale value={drop} interval={interval} warn={tolerated} fail={tolerated} />
          <p class="note">
            The scores are read as {meaningWords[meaning ?? 'confidence']}: <Sentence>{reason}</Sentence> Near the
            threshold is within {formatNumber(confidence.near)} of {formatNumber(confidence.threshold)}.
          </p>
        </div>
        <Scroll label="Confidence">
          <table class="numbers">
            <thead>
              <tr>
                <td />
                <th scope="col" class="key reference">
                  <SideName of="reference" />
                </th>
                <th scope="col" class="key current">
                  <SideName of="current" />
                </th>
                <th scope="col">change</th>
              </tr>
            </thead>
            <tbody>
              {row('mean', ({ mean }) => mean)}
              {row('standard deviation', ({ std }) => std)}
              {row('5th percentile', ({ quantiles }) => quantiles.q05)}
              {row('25th percentile', ({ quantiles }) => quantiles.q25)}
              {row('median', ({ quantiles }) => quantiles.q50)}
              {row('75th percentile', ({ quantiles }) => quantiles.q75)}
              {row('95th percentile', ({ quantiles }) => quantiles.q95)}
              {row('entropy, bits', ({ entropy }) => entropy)}
              <tr>
                <th scope="row">near the threshold</th>
                <td>
                  <Share rows={reference.nearThreshold} of={reference.rows} />
                </td>
                <td>
                  <Share rows={current.nearThreshold} of={current.rows} />
                </td>
                <td>
                  {formatPoints(
                    current.nearThreshold / Math.max(1, current.rows) -
                      reference.nearThreshold / Math.max(1, reference.rows),
                  ).replace('-', '−')}
                </td>
              </tr>
            </tbody>
          </table>
        </Scroll>
      </div>
    </>
  );
}

const meaningWords = {
  probability: 'the probability of the one class that the model looks for',
  confidence: 'the confidence in whatever was predicted',
  'class-scores': 'one probability a class',
} satisfies Record<NonNullable<PredictionReport['meaning']>, string>;
