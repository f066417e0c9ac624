import type { Report, ReportColumn } from '../../../../model/report.ts';
import type { Tolerance } from '../../../../model/settings.ts';
import { gateOf, intervalWords } from '../../../gate.ts';
import { formatPoints, formatShare } from '../../../numbers.ts';
import { findingTitles } from '../../../words.ts';
import { PairedBars } from '../charts/paired-bars.tsx';
import { ChangeScale, DriftScale } from '../charts/tolerance-scale.tsx';
import type { Entry } from '../entries.ts';
import { advice } from '../parts/advice.ts';
import { SeverityBadge } from '../parts/badges.tsx';
import { Num } from '../parts/number.tsx';
import { QualityTable } from '../parts/quality-table.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import { ByWindow } from './by-window.tsx';
import { DistributionFigure } from './distribution.tsx';
import { Measures, Tests } from './measures.tsx';
import { Statistics } from './statistics.tsx';
import { whyThisOutcome } from './why.ts';

export interface DetailProps {
  readonly report: Report;
  readonly entry: Entry;
  readonly printing: boolean;
}

/** Everything that is known of one column. */
export function Detail({ report, entry, printing }: DetailProps) {
  const { column } = entry;
  return (
    <>
      <div class="why">
        <h4>Why this outcome</h4>
        {column.error !== null && (
          <p class="error">
            <b>This column could not be measured.</b> <Sentence>{column.error}</Sentence>
          </p>
        )}
        {column.findings.map((finding, i) => (
          <div key={i} class="finding">
            <SeverityBadge severity={finding.severity} />
            <div>
              <b>{findingTitles[finding.code] ?? finding.code}</b>
              <p>
                <Sentence>{finding.message}</Sentence>
              </p>
              <p class="small">{advice[finding.code]}</p>
            </div>
          </div>
        ))}
        <ul>
          {whyThisOutcome(report, column).map((sentence) => (
            <li key={sentence}>
              <Sentence>{sentence}</Sentence>
            </li>
          ))}
        </ul>
        <Scales column={column} />
        <Guess column={column} />
      </div>
      <div class="grid">
        <div>
          <DistributionFigure column={column} printing={printing} />
          <ByWindow report={report} column={column} printing={printing} />
          <TestedCells column={column} printing={printing} />
        </div>
        <div>
          <Statistics column={column} />
          <Measures column={column} />
          <Tests column={column} />
          <Checks report={report} column={column} />
        </div>
      </div>
    </>
  );
}

/** Both gating measures against their tolerances. */
function Scales({ column: { gating } }: { column: ReportColumn }) {
  if (gating === null) return null;
  const gate = gateOf(gating);
  const { tolerance } = gating;
  const change = gate.own === null ? gating.largestCellChange : null;
  const difference = change ? change.current - change.reference : 0;
  const points = ({ cellChange }: Tolerance) => formatPoints(cellChange).slice(1);
  return (
    <dl class="scales">
      <div>
        <dt>
          {gate.title} <Num value={gate.value} format={gate.format} />
        </dt>
        <dd>
          <DriftScale gating={gating} />
          <span class="small">
            {`${intervalWords(gating)}; warn ${gate.format(gate.warn)}, fail ${gate.format(gate.fail)}`}
          </span>
        </dd>
      </div>
      {change && (
        <div>
          <dt>
            Largest change of a cell <Num value={difference} format={formatPoints} />
          </dt>
          <dd>
            <ChangeScale gating={gating} />
            <span class="small">
              <Text value={change.cell} limit={40} />
              {`: ${formatShare(change.reference)} → ${formatShare(change.current)}; warn ${points(tolerance.warn)}, fail ${points(tolerance.fail)}`}
            </span>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Guess({ column: { guess, type } }: { column: ReportColumn }) {
  const told = [
    ...(guess.role === null ? [] : [`Role guessed: ${guess.role}`]),
    ...(guess.kind === null ? [] : [`Kind guessed: ${guess.kind}`]),
    type.reference === type.current
      ? `Stored as ${type.reference ?? 'nothing'} on both sides`
      : `Stored as ${type.reference ?? 'nothing'} in the reference, ${type.current ?? 'nothing'} now`,
  ];
  return (
    <p class="small">
      {told.map((text) => (
        <span key={text}>
          <Sentence>{text}</Sentence>{' '}
        </span>
      ))}
    </p>
  );
}

/** Data-quality checks of this column. */
function Checks({ report, column }: { report: Report; column: ReportColumn }) {
  const results = (report.quality ?? []).filter(({ column: name }) => name === column.name);
  if (results.length === 0) return null;
  return (
    <>
      <h4>Data quality</h4>
      <Scroll label="Data quality">
        <QualityTable results={results} />
      </Scroll>
    </>
  );
}

/** The cells the verdict was formed on. */
function TestedCells({ column, printing }: { column: ReportColumn; printing: boolean }) {
  const { cells } = column;
  if (cells === null) return null;
  const sum = (counts: readonly number[]) => counts.reduce((total, rows) => total + rows, 0);
  const of = { reference: sum(cells.reference), current: sum(cells.current) };
  const numeric = column.distribution?.form !== 'categories';
  const rows = cells.labels.map((label, i) => ({
    label,
    reference: cells.reference[i] ?? 0,
    current: cells.current[i] ?? 0,
  }));
  return (
    <details open={printing || numeric}>
      <summary>
        <h4>Cells that were tested</h4>
      </summary>
      <PairedBars head="cell" rows={rows} of={of} order={numeric ? 'given' : 'change'} printing={printing} />
    </details>
  );
}
