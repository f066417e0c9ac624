import { useMemo, useState } from 'preact/hooks';
import type { ExplainedPrediction, ImportantColumn } from '../../../../model/ranking.ts';
import type { Report } from '../../../../model/report.ts';
import { formatCount, formatDistance, formatNumber, formatQuantity, formatShare } from '../../../numbers.ts';
import { roleWords } from '../../../words.ts';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { OutcomeBadge } from '../parts/badges.tsx';
import { Num } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { ColumnLink, Sentence, Text } from '../parts/text.tsx';

export function hasRanking({ ranking }: Report): boolean {
  return ranking !== undefined && (ranking.importance.length > 0 || ranking.predictions.length > 0);
}

const shownAtFirst = 12;

/** Which columns matter: to the model, and to what became of its predictions. */
export function Ranking({ report, entries, printing }: SectionProps) {
  const { importance, predictions } = report.ranking!;
  const byName = useMemo(() => new Map(entries.map((entry) => [entry.column.name, entry] as const)), [entries]);
  return (
    <>
      {importance.length > 0 && <Importance columns={importance} byName={byName} printing={printing} />}
      {predictions.map((prediction) => (
        <Explained key={prediction.column} prediction={prediction} byName={byName} printing={printing} />
      ))}
    </>
  );
}

function Name({ name, byName }: { name: string; byName: Map<string, Entry> }) {
  const entry = byName.get(name);
  return entry ? <ColumnLink entry={entry} /> : <Text value={name} limit={60} />;
}

function Bar({ share, of }: { share: number | null; of: number }) {
  if (share === null || share <= 0) return null;
  return <span class="part" style={{ width: `${((share / of) * 100).toFixed(2)}%` }} />;
}

interface ImportanceProps {
  readonly columns: readonly ImportantColumn[];
  readonly byName: Map<string, Entry>;
  readonly printing: boolean;
}

function Importance({ columns, byName, printing }: ImportanceProps) {
  const [all, setAll] = useState(false);
  const shown = all || printing ? columns : columns.slice(0, shownAtFirst);
  const longest = Math.max(Number.MIN_VALUE, ...columns.map(({ share }) => share ?? 0));
  return (
    <>
      <h3>Drift × importance</h3>
      <p class="note">φ² times how much the model makes of the column, and its share of the sum over all columns.</p>
      <Scroll label="Drift times importance">
        <table class="numbers ranked">
          <thead>
            <tr>
              <th scope="col">column</th>
              <th scope="col">importance</th>
              <th scope="col">φ²</th>
              <th scope="col">share</th>
              <th scope="col">outcome</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ column, importance, phiSquared, share, outcome }) => (
              <tr key={column}>
                <th scope="row">
                  <Name name={column} byName={byName} />
                  <Bar share={share} of={longest} />
                </th>
                <td>
                  <Num value={importance} />
                </td>
                <td>
                  <Num value={phiSquared} format={formatDistance} />
                </td>
                <td>{share === null ? '–' : formatShare(share)}</td>
                <td>
                  <OutcomeBadge outcome={outcome} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown.length < columns.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(columns.length)} columns with an importance
        </button>
      )}
    </>
  );
}

interface ExplainedProps {
  readonly prediction: ExplainedPrediction;
  readonly byName: Map<string, Entry>;
  readonly printing: boolean;
}

function Explained({ prediction, byName, printing }: ExplainedProps) {
  const [all, setAll] = useState(false);
  const { column, role, phiSquared, columns, left, sentence } = prediction;
  const shown = all || printing ? columns : columns.slice(0, shownAtFirst);
  const longest = Math.max(1, ...columns.map(({ explained }) => explained));
  return (
    <>
      <h3>
        What goes with the drift of <Name name={column} byName={byName} />{' '}
        <span class="small">
          {roleWords[role]}, φ² {formatDistance(phiSquared)}
        </span>
      </h3>
      {sentence !== null && (
        <p>
          <Sentence>{sentence}</Sentence>
        </p>
      )}
      {columns.length > 0 && (
        <Scroll label="Share of the prediction's drift explained">
          <table class="numbers ranked">
            <thead>
              <tr>
                <th scope="col">column</th>
                <th scope="col">its φ²</th>
                <th scope="col">φ² left</th>
                <th scope="col">explained</th>
                <th scope="col">effective rows</th>
                <th scope="col">not covered</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={one.column}>
                  <th scope="row">
                    <Name name={one.column} byName={byName} />
                    <Bar share={one.explained} of={longest} />
                  </th>
                  <td>
                    <Num value={one.phiSquared} format={formatDistance} />
                  </td>
                  <td>
                    <Num value={one.reweighted} format={formatDistance} />
                  </td>
                  <td title={formatNumber(one.explained)}>{formatShare(one.explained).replace(/^(>?)-/, '$1−')}</td>
                  <td>{formatCount(one.effectiveRows)}</td>
                  <td>{one.uncovered === 0 ? '0' : formatShare(one.uncovered)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <p class="note">
        φ² left is that of the prediction when the rows are weighted so that the column is as in the reference: what
        goes with the column, which need not cause it. Shares of several columns overlap.
        {left > 0 && ` ${formatQuantity(left, 'more column')} drifted too little to explain anything.`}
      </p>
      {shown.length < columns.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(columns.length)} columns
        </button>
      )}
    </>
  );
}
