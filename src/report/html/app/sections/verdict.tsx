import type { Report } from '../../../../model/report.ts';
import type { DatasetInfo } from '../../../../model/run.ts';
import { formatBytes, formatCount, formatInstant, formatQuantity, formatShare } from '../../../numbers.ts';
import { findingTitles, outcomes, outcomeWords, period, severityWords, statusWords } from '../../../words.ts';
import type { SectionProps } from '../page.tsx';
import { SeverityBadge } from '../parts/badges.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import { columnOf } from './findings.tsx';

const told = 3;

/** The verdict in words, the findings that decide it, and what was compared. */
export function Verdict({ report, entries, table }: SectionProps) {
  const { status, reason, exitCode, failOn, counts } = report.gate;
  const { word, symbol, meaning } = statusWords[status];
  const versions = modelVersions(report);
  return (
    <header class="head">
      <div class={`verdict ${status}`}>
        <h1>
          <span class="hidden">Drift report: </span>
          <span aria-hidden="true">{symbol}</span> {word}
        </h1>
        <div>
          <p class="reason">
            <Sentence>{reason}</Sentence>
          </p>
          <p class="small">
            {word.charAt(0) + word.slice(1).toLowerCase()}: {meaning}. The gate stops at {failOn} (
            {severityWords[failOn]}) or worse; exit code {exitCode}. Run{' '}
            {formatInstant(Math.floor(Date.parse(report.run.startedAt) / 1000))} UTC.
          </p>
        </div>
        {report.findings.length > 0 && (
          <ol aria-label="The worst findings">
            {report.findings.slice(0, told).map((finding, i) => {
              const entry = columnOf(finding, entries);
              return (
                <li key={i}>
                  <SeverityBadge severity={finding.severity} />{' '}
                  {entry ? (
                    <a class="text" href={entry.href}>
                      <bdi>{entry.name}</bdi>
                    </a>
                  ) : (
                    <b>{finding.column === null ? 'the data set' : <Text value={finding.column} limit={60} />}</b>
                  )}
                  : {findingTitles[finding.code] ?? finding.code}
                </li>
              );
            })}
            {report.findings.length > told && (
              <li>
                <a href="#findings">{formatQuantity(report.findings.length - told, 'more finding')}</a>
              </li>
            )}
          </ol>
        )}
      </div>
      <ul class="counts" aria-label="Columns by outcome">
        {outcomes.map((outcome) => {
          const { word, symbol, meaning } = outcomeWords[outcome];
          return (
            <li key={outcome} class={counts[outcome] === 0 ? 'empty' : ''}>
              {/* biome-ignore lint/a11y/useValidAnchor: it leads to the table of columns, which then shows these */}
              <a href="#columns" title={meaning} onClick={() => table.filterBy({ text: '', kind: '', outcome })}>
                <b>{formatCount(counts[outcome])}</b>
                <span class={`outcome ${outcome}`}>
                  <span aria-hidden="true">{symbol}</span> {word}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
      <div class="sides">
        <Side report={report} side="reference" version={versions?.reference ?? null} />
        <Side report={report} side="current" version={versions?.current ?? null} />
      </div>
    </header>
  );
}

interface SideProps {
  readonly report: Report;
  readonly side: 'reference' | 'current';
  readonly version: string | null;
}

function Side({ report, side, version }: SideProps) {
  const dataset: DatasetInfo = report.datasets[side];
  const bytes = dataset.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const span = period(report, side);
  const files = dataset.files.map((file) => file.path);
  const [first = dataset.paths[0] ?? ''] = files;
  return (
    <section class={`side ${side}`} aria-labelledby={`side-${side}`}>
      <h2 id={`side-${side}`}>
        <span class={`key ${side}`}>{side === 'reference' ? 'Reference' : 'Current'}</span>
      </h2>
      <p>
        <b>{formatCount(dataset.rows)}</b> {dataset.rows === 1 ? 'row' : 'rows'}{' '}
        <span class="small">
          in {formatQuantity(dataset.files.length, 'file')}, {formatBytes(bytes)},{' '}
          {formatQuantity(dataset.columns, 'column')}
        </span>
      </p>
      <p>
        <Text value={first} limit={200} />
        {files.length > 1 && ` and ${formatCount(files.length - 1)} more`}
      </p>
      {span !== null && <p class="small">{span} UTC</p>}
      {version !== null && (
        <p class="small">
          model version <Text value={version} limit={200} />
        </p>
      )}
      {dataset.where !== null && (
        <p class="small">
          where <code>{<Text value={dataset.where} limit={300} />}</code>
        </p>
      )}
    </section>
  );
}

/** What the column of that role holds, most frequent first. */
function modelVersions(report: Report): { reference: string | null; current: string | null } | null {
  const column = report.columns.find(({ role }) => role === 'model_version');
  if (!column) return null;
  const side = (name: 'reference' | 'current'): string | null => {
    const labels = column.distribution?.labels;
    const counts = column.distribution?.[name] ?? [];
    const total = counts.reduce((sum, rows) => sum + rows, 0);
    if (!labels || total === 0) return column[name]?.mode?.value ?? null;
    const held = labels
      .map((label, i) => ({ label, rows: counts[i] ?? 0 }))
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => b.rows - a.rows);
    if (held.length === 1) return held[0]!.label;
    const shown = held.slice(0, 3).map(({ label, rows }) => `${label} (${formatShare(rows / total)})`);
    return `${shown.join(', ')}${held.length > 3 ? `, ${held.length - 3} more` : ''}`;
  };
  return { reference: side('reference'), current: side('current') };
}
