import type { PredictionBounds, PredictionReport, RuleCount, ScoreRule } from '../../../../model/predictions.ts';
import { formatCount, formatNumber, formatPValue, formatShare } from '../../../numbers.ts';
import { log10FromNatural } from '../../../words.ts';
import type { Entry } from '../entries.ts';
import { Share } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName } from '../parts/sides.tsx';
import { ColumnLink, Text } from '../parts/text.tsx';

const ruleWords = {
  'within-0-1': 'a score outside of 0 to 1',
  'sum-to-1': 'scores that do not sum to 1',
  'largest-score': 'a predicted class that has not the largest score',
} satisfies Record<ScoreRule, string>;

/** Whether scores and predictions are possible at all, and whether they still differ from row to row. */
export function Sanity({ predictions, entries }: { predictions: PredictionReport; entries: readonly Entry[] }) {
  const { checks, concentration, bounds } = predictions;
  if (checks.length === 0 && concentration === null && bounds.length === 0) return null;
  return (
    <>
      <h3>Sanity</h3>
      {(checks.length > 0 || concentration !== null) && (
        <Scroll label="Sanity of predictions">
          <table class="numbers sanity">
            <thead>
              <tr>
                <th scope="col">rows with</th>
                <th scope="col" class="key reference">
                  <SideName of="reference" />
                </th>
                <th scope="col" class="key current">
                  <SideName of="current" />
                </th>
                <th scope="col">accepted</th>
                <th scope="col">p</th>
                <th scope="col">found</th>
              </tr>
            </thead>
            <tbody>
              {checks.map((check) => (
                <tr key={check.rule}>
                  <th scope="row">
                    {ruleWords[check.rule]}
                    {check.notAsked !== null && (
                      <span class="small">
                        {' '}
                        not asked: <Text value={check.notAsked} limit={160} />
                      </span>
                    )}
                  </th>
                  <Sides reference={check.reference} current={check.current} />
                  <td>{formatShare(check.tolerated)}</td>
                  <Found logP={check.logP} rejected={check.rejected} />
                </tr>
              ))}
              {concentration && (
                <tr>
                  <th scope="row">
                    the most frequent prediction, <Text value={concentration.value} limit={60} />
                  </th>
                  <Sides reference={concentration.reference} current={concentration.current} />
                  <td>–</td>
                  <Found logP={concentration.logP} rejected={concentration.rejected} />
                </tr>
              )}
            </tbody>
          </table>
        </Scroll>
      )}
      {bounds.length > 0 && <Bounds bounds={bounds} entries={entries} />}
    </>
  );
}

function Sides({ reference, current }: { reference: RuleCount; current: RuleCount }) {
  return (
    <>
      {[reference, current].map(({ rows, of }, i) => (
        <td key={i}>{of === 0 ? '–' : rows === 0 ? '0' : <Share rows={rows} of={of} />}</td>
      ))}
    </>
  );
}

function Found({ logP, rejected }: { logP: number | null; rejected: boolean }) {
  return (
    <>
      <td>{logP === null ? '–' : formatPValue(log10FromNatural(logP)).replace(/^= /, '')}</td>
      <td>
        {rejected ? (
          <b class="rejected fail">
            <span aria-hidden="true">▲</span> yes
          </b>
        ) : (
          'no'
        )}
      </td>
    </>
  );
}

/** Predictions against the range that was written down for them. */
function Bounds({ bounds, entries }: { bounds: readonly PredictionBounds[]; entries: readonly Entry[] }) {
  const end = (value: number | null) => (value === null ? '–' : formatNumber(value).replace(/^-/, '−'));
  return (
    <Scroll label="Range rules of predictions">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">prediction</th>
            <th scope="col">allowed from</th>
            <th scope="col">to</th>
            <th scope="col">smallest</th>
            <th scope="col">largest</th>
            <th scope="col">below</th>
            <th scope="col">above</th>
            <th scope="col">accepted</th>
          </tr>
        </thead>
        <tbody>
          {bounds.map((bound) => {
            const entry = entries.find(({ column }) => column.name === bound.column);
            return (
              <tr key={bound.column}>
                <th scope="row">{entry ? <ColumnLink entry={entry} /> : <Text value={bound.column} limit={60} />}</th>
                <td>{end(bound.min)}</td>
                <td>{end(bound.max)}</td>
                <td>{end(bound.smallest)}</td>
                <td>{end(bound.largest)}</td>
                <td>{formatCount(bound.below)}</td>
                <td>{formatCount(bound.above)}</td>
                <td>{formatShare(bound.tolerated)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
