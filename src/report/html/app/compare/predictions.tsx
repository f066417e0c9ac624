import type { GatingMeasure } from '../../../../model/verdict.ts';
import { gateOf, intervalWords } from '../../../gate.ts';
import { roleWords } from '../../../words.ts';
import { DriftScale } from '../charts/tolerance-scale.tsx';
import { DistributionFigure } from '../detail/distribution.tsx';
import { Statistics } from '../detail/statistics.tsx';
import { OutcomeBadge } from '../parts/badges.tsx';
import { Num } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import { Confidence } from '../predictions/confidence.tsx';
import { Sanity } from '../predictions/sanity.tsx';
import { ScoresByClass } from '../predictions/score-histogram.tsx';
import type { CompareProps } from './page.tsx';

/** How far the two lie apart, on the scale of a check. */
function Distance({ gating }: { gating: GatingMeasure }) {
  const { title, value, format } = gateOf(gating);
  return (
    <div class="small">
      {title} <Num value={value} format={format} /> {intervalWords(gating)}
      <DriftScale gating={gating} />
    </div>
  );
}

/** What each says, over all rows that it wrote. */
export function Predictions({ report: { predictions }, entries, printing }: CompareProps) {
  return (
    <>
      {entries.map(({ index, key, column }) => (
        // where links to the column lead
        <article key={index} id={`column=${key}`} class="compared">
          <h3>
            <Text value={column.name} limit={120} /> <span class="small">{roleWords[column.role]}</span>{' '}
            <OutcomeBadge outcome={column.outcome} />
          </h3>
          {column.gating && <Distance gating={column.gating} />}
          {column.error !== null && (
            <p class="error">
              <b>This column could not be measured.</b> <Sentence>{column.error}</Sentence>
            </p>
          )}
          <div class="grid">
            <div>
              <DistributionFigure column={column} printing={printing} />
            </div>
            <Scroll label={`Statistics of ${roleWords[column.role]}`}>
              <Statistics column={column} />
            </Scroll>
          </div>
        </article>
      ))}
      {predictions && (
        <>
          <Confidence predictions={predictions} zone={undefined} />
          {predictions.histogram && <ScoresByClass histogram={predictions.histogram} printing={printing} />}
          <Sanity predictions={predictions} entries={entries} />
        </>
      )}
    </>
  );
}
