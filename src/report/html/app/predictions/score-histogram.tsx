import { useState } from 'preact/hooks';
import type { ScoreHistogram } from '../../../../model/predictions.ts';
import { formatCount, formatNumber, formatShare } from '../../../numbers.ts';
import { Thumbnail } from '../charts/thumbnail.tsx';
import { Legend } from '../parts/badges.tsx';
import { Text } from '../parts/text.tsx';

const shownAtFirst = 6;

/** The scores of the rows that were predicted as each class. */
export function ScoresByClass({ histogram, printing }: { histogram: ScoreHistogram; printing: boolean }) {
  const [all, setAll] = useState(false);
  const { edges, classes } = histogram;
  const filled = classes.filter(({ reference, current }) => sum(reference) + sum(current) > 0);
  if (filled.length === 0) return null;
  const shown = all || printing ? filled : filled.slice(0, shownAtFirst);
  const totals = {
    reference: Math.max(1, sum(classes.flatMap(({ reference }) => reference))),
    current: Math.max(1, sum(classes.flatMap(({ current }) => current))),
  };
  return (
    <>
      <h3>
        Scores by predicted class <Legend />
      </h3>
      <div class="cards">
        {shown.map(({ class: name, reference, current }, i) => (
          <figure key={i} class="by-class">
            <h4>
              {name === null ? (
                <i>{i === 0 && filled.length === 1 ? 'all rows' : 'all others'}</i>
              ) : (
                <Text value={name} limit={60} />
              )}{' '}
              <span class="small">
                {formatShare(sum(reference) / totals.reference)} → {formatShare(sum(current) / totals.current)} of the
                rows
              </span>
            </h4>
            <Thumbnail distribution={{ form: 'intervals', edges, labels: null, reference, current }} />
            <p class="ends small">
              <span>{formatNumber(edges[0]!)}</span>
              <span>score</span>
              <span>{formatNumber(edges.at(-1)!)}</span>
            </p>
          </figure>
        ))}
      </div>
      {shown.length < filled.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(filled.length)} classes
        </button>
      )}
    </>
  );
}

function sum(rows: readonly number[]): number {
  return rows.reduce((total, many) => total + many, 0);
}
