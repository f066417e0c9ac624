import { useState } from 'preact/hooks';
import type { ColumnProfile } from '../../../../model/profile.ts';
import type { Report } from '../../../../model/report.ts';
import { formatCount, formatQuantity, formatShare } from '../../../numbers.ts';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { Share } from '../parts/number.tsx';
import { QualityTable } from '../parts/quality-table.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { ColumnLink, Sentence, Text } from '../parts/text.tsx';

const shownAtFirst = 25;

/** Rows and values that could not be read, and values that are missing: counted, never silently dropped. */
export function Quality({ report, entries, printing }: SectionProps) {
  const [all, setAll] = useState(false);
  const imperfect = entries
    .filter(({ column }) => [column.reference, column.current].some(isImperfect))
    .sort((a, b) => rise(b) - rise(a) || a.index - b.index);
  const shown = all || printing ? imperfect : imperfect.slice(0, shownAtFirst);
  return (
    <>
      <Checks report={report} entries={entries} />
      <div class="rejected">
        <Rejected report={report} side="reference" />
        <Rejected report={report} side="current" />
      </div>
      {imperfect.length === 0 ? (
        <p class="none">No value is missing or unreadable in any column.</p>
      ) : (
        <Scroll label="Missing and unreadable values">
          <table class="numbers quality">
            <thead>
              <tr>
                <th scope="col" rowSpan={2}>
                  column
                </th>
                <th scope="colgroup" colSpan={2}>
                  nulls
                </th>
                <th scope="colgroup" colSpan={2}>
                  NaN, ±∞
                </th>
                <th scope="colgroup" colSpan={2}>
                  unreadable
                </th>
                <th scope="col" rowSpan={2}>
                  for example
                </th>
              </tr>
              <tr>
                {[0, 1, 2].flatMap((group) => [
                  <th key={`${group}r`} scope="col">
                    reference
                  </th>,
                  <th key={`${group}c`} scope="col">
                    current
                  </th>,
                ])}
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <Row key={entry.index} entry={entry} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {shown.length < imperfect.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(imperfect.length)} columns with missing or unreadable values
        </button>
      )}
    </>
  );
}

/** What is about the whole data set, and what was found of a column; the rest stands in the columns' details. */
function Checks({ report, entries }: { report: Report; entries: readonly Entry[] }) {
  const results = (report.quality ?? []).filter(({ column, severity }) => column === null || severity !== null);
  if (results.length === 0) return null;
  return (
    <Scroll label="Data-quality checks">
      <QualityTable results={results} entries={entries} />
    </Scroll>
  );
}

function isImperfect(side: ColumnProfile | null): boolean {
  return side !== null && side.nulls + nonFinite(side) + side.castFailures > 0;
}

/** By how much missing values became more: what came lately stands first. */
function rise({ missing }: Entry): number {
  return (missing.current ?? 0) - (missing.reference ?? 0);
}

function nonFinite(side: ColumnProfile): number {
  return side.nan + side.positiveInfinity + side.negativeInfinity;
}

function Row({ entry }: { entry: Entry }) {
  const { reference, current } = entry.column;
  const examples = [...new Set([...(current?.castFailureExamples ?? []), ...(reference?.castFailureExamples ?? [])])];
  const pair = (of: (side: ColumnProfile) => number) =>
    [reference, current].map((side, i) => (
      <td key={i}>{side === null ? '–' : of(side) === 0 ? '0' : <Share rows={of(side)} of={side.rows} />}</td>
    ));
  return (
    <tr>
      <th scope="row">
        <ColumnLink entry={entry} />
      </th>
      {pair((side) => side.nulls)}
      {pair(nonFinite)}
      {pair((side) => side.castFailures)}
      <td>{examples.length > 0 && <Text value={examples.slice(0, 3).join(' · ')} limit={80} />}</td>
    </tr>
  );
}

function Rejected({ report, side }: { report: Report; side: 'reference' | 'current' }) {
  const { rejectedRows, rejected, rows } = report.datasets[side];
  if (rejectedRows === 0) return <p>Every row of the {side} side could be read.</p>;
  return (
    <>
      <p>
        <b>{formatQuantity(rejectedRows, 'malformed row')}</b> of the {side} side left out (
        {formatShare(rejectedRows / (rows + rejectedRows))}):
      </p>
      <ul>
        {rejected.slice(0, 10).map(({ file, line, reason }, i) => (
          <li key={i}>
            <code>
              <Text value={file} limit={200} />:{line}
            </code>{' '}
            <Sentence>{reason}</Sentence>
          </li>
        ))}
      </ul>
    </>
  );
}
