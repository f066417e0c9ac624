import type { Role } from '../../../../model/profile.ts';
import type { Report } from '../../../../model/report.ts';
import { gateOf, intervalWords } from '../../../gate.ts';
import { formatShare } from '../../../numbers.ts';
import { measureTitle, roleWords } from '../../../words.ts';
import { Thumbnail } from '../charts/thumbnail.tsx';
import { DriftScale } from '../charts/tolerance-scale.tsx';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { Badges, Legend } from '../parts/badges.tsx';
import { differenceFormat, Num, signed, valueFormat } from '../parts/number.tsx';
import { ColumnLink, Text } from '../parts/text.tsx';
import { PredictionsByWindow } from '../predictions/by-window.tsx';
import { Confidence } from '../predictions/confidence.tsx';
import { Sanity } from '../predictions/sanity.tsx';
import { ScoresByClass } from '../predictions/score-histogram.tsx';

const shownRoles: readonly Role[] = ['prediction', 'score', 'label'];

export function hasPredictions(report: Report): boolean {
  return report.predictions !== undefined || report.columns.some(({ role }) => shownRoles.includes(role));
}

/** What the model says, and what turned out: judged more strictly than what it reads. */
export function Predictions({ report: { predictions, time }, entries, printing }: SectionProps) {
  const shown = entries
    .filter(({ column }) => shownRoles.includes(column.role))
    .sort((a, b) => shownRoles.indexOf(a.column.role) - shownRoles.indexOf(b.column.role) || a.index - b.index);
  return (
    <>
      <p class="note">
        What the model answers has half the tolerance of what it reads. <Legend />
      </p>
      <div class="cards">
        {shown.map((entry) => (
          <Card key={entry.index} entry={entry} />
        ))}
      </div>
      {predictions && (
        <>
          <Confidence predictions={predictions} zone={time?.zone} />
          <PredictionsByWindow predictions={predictions} zone={time?.zone} printing={printing} />
          {predictions.histogram && <ScoresByClass histogram={predictions.histogram} printing={printing} />}
          <Sanity predictions={predictions} entries={entries} />
        </>
      )}
    </>
  );
}

function Card({ entry }: { entry: Entry }) {
  const { column } = entry;
  const { gating, distribution } = column;
  const change = gating?.largestCellChange;
  return (
    <article class="prediction">
      <h3>
        <ColumnLink entry={entry} /> <span class="small">{roleWords[column.role]}</span> <Badges column={column} />
      </h3>
      {distribution?.labels ? <TopClasses entry={entry} /> : <Thumbnail distribution={distribution} />}
      <dl>
        {gating && (
          <div>
            <dt>{gateOf(gating).title}</dt>
            <dd>
              <Num value={gateOf(gating).value} format={gateOf(gating).format} />{' '}
              <span class="small">{intervalWords(gating)}</span>
              <DriftScale gating={gating} />
            </dd>
          </div>
        )}
        {change && (
          <div>
            <dt>largest change</dt>
            <dd>
              <Text value={change.cell} limit={40} />: {formatShare(change.reference)} → {formatShare(change.current)}
            </dd>
          </div>
        )}
        <Average entry={entry} />
        <Separation entry={entry} />
      </dl>
    </article>
  );
}

/** Shares of the classes, those with most rows first. */
function TopClasses({ entry: { column } }: { entry: Entry }) {
  const { labels, reference, current } = column.distribution!;
  const sum = (counts: readonly number[]) =>
    Math.max(
      1,
      counts.reduce((total, rows) => total + rows, 0),
    );
  const [then, now] = [sum(reference), sum(current)];
  const classes = labels!
    .map((label, i) => ({ label, before: (reference[i] ?? 0) / then, now: (current[i] ?? 0) / now }))
    .sort((a, b) => Math.max(b.before, b.now) - Math.max(a.before, a.now));
  const tallest = Math.max(Number.MIN_VALUE, ...classes.map((one) => Math.max(one.before, one.now)));
  return (
    <ul class="classes">
      {classes.slice(0, 4).map(({ label, before, now }) => (
        <li key={label}>
          <Text value={label} limit={30} />{' '}
          <span class="small">
            {formatShare(before)} → {formatShare(now)}
          </span>
          <span class="bar reference" style={{ width: `${((before / tallest) * 100).toFixed(2)}%` }} />
          <span class="bar current" style={{ width: `${((now / tallest) * 100).toFixed(2)}%` }} />
        </li>
      ))}
    </ul>
  );
}

function Average({ entry: { column } }: { entry: Entry }) {
  const then = column.reference?.numbers?.mean;
  const now = column.current?.numbers?.mean;
  if (then === undefined || now === undefined || then === null || now === null) return null;
  const format = valueFormat(column.kind);
  return (
    <div>
      <dt>mean</dt>
      <dd>
        <Num value={then} format={format} /> → <Num value={now} format={format} />{' '}
        <span class="small">({signed(differenceFormat(column.kind))(now - then)})</span>
      </dd>
    </div>
  );
}

function Separation({ entry: { column } }: { entry: Entry }) {
  const shown = column.measures.find(({ id }) => id === 'kolmogorov-smirnov' || id === 'jensen-shannon');
  if (!shown) return null;
  return (
    <div>
      <dt>{measureTitle(shown.id)}</dt>
      <dd>
        <Num value={shown.statistic} />
      </dd>
    </div>
  );
}
