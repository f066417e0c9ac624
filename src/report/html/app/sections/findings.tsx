import { useState } from 'preact/hooks';
import type { Finding, FindingCode, GateStatus } from '../../../../model/verdict.ts';
import { formatCount, formatDistance, formatNumber, formatPoints, formatShare } from '../../../numbers.ts';
import { findingTitles, roleWords, severityWords } from '../../../words.ts';
import { ToleranceScale } from '../charts/tolerance-scale.tsx';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { advice } from '../parts/advice.ts';
import { SeverityBadge } from '../parts/badges.tsx';
import { ColumnLink, Sentence, Text } from '../parts/text.tsx';

const shownAtFirst = 12;

const nothing = {
  pass: 'Nothing was found.',
  breach: 'Nothing was found in a column; see the verdict above.',
  'no-verdict': 'No finding, and no verdict either: this is not a pass.',
} satisfies Record<GateStatus, string>;

/** The entry of a finding's column; of columns with the same cut name the first. */
export function columnOf(finding: Finding, entries: readonly Entry[]): Entry | undefined {
  return finding.column === null ? undefined : entries.find((entry) => entry.column.name === finding.column);
}

/** What was found, worst first: the sentence, the number against its threshold, where to look. */
export function Findings({ report, entries, printing }: SectionProps) {
  const { findings, gate } = report;
  if (findings.length === 0) return <p class="none">{nothing[gate.status]}</p>;
  return <FindingList findings={findings} entries={entries} advice={advice} printing={printing} />;
}

interface FindingListProps extends Pick<SectionProps, 'entries' | 'printing'> {
  readonly findings: readonly Finding[];
  /** null for what nobody has to act on */
  readonly advice: Readonly<Record<FindingCode, string>> | null;
  /** what a finding of no column is about */
  readonly whole?: string;
}

export function FindingList({ findings, entries, advice, whole = 'The data set', printing }: FindingListProps) {
  const [all, setAll] = useState(false);
  const shown = all || printing ? findings : findings.slice(0, shownAtFirst);
  return (
    <>
      <ol class="findings">
        {shown.map((finding, i) => (
          <FindingItem key={i} finding={finding} entry={columnOf(finding, entries)} advice={advice} whole={whole} />
        ))}
      </ol>
      {shown.length < findings.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(findings.length)} findings
        </button>
      )}
    </>
  );
}

interface FindingItemProps extends Pick<FindingListProps, 'advice'> {
  readonly whole: string;
  readonly finding: Finding;
  readonly entry: Entry | undefined;
}

function FindingItem({ finding, entry, advice, whole }: FindingItemProps) {
  const measured = againstThreshold(finding);
  return (
    <li>
      {advice && <SeverityBadge severity={finding.severity} />}
      <div>
        <p>
          <b>
            {entry ? <ColumnLink entry={entry} /> : finding.column === null ? whole : <Text value={finding.column} />}
          </b>{' '}
          <span class="small">
            {finding.role === null || finding.role === 'feature' ? '' : `${roleWords[finding.role]} · `}
            {findingTitles[finding.code] ?? finding.code}
            {advice && ` · ${severityWords[finding.severity]}`}
          </span>
        </p>
        <p>
          <Sentence>{finding.message}</Sentence>
        </p>
        {advice && <p class="small">{advice[finding.code]}</p>}
      </div>
      {measured && (
        <div class="measured">
          <p>
            {measured.name} <b>{measured.value}</b>
          </p>
          <ToleranceScale {...measured.scale} />
          <p class="small">threshold {measured.threshold}</p>
        </div>
      )}
    </li>
  );
}

interface Measured {
  readonly name: string;
  readonly value: string;
  readonly threshold: string;
  readonly scale: Parameters<typeof ToleranceScale>[0];
}

/** The number of a finding and what it is held against, where both are told. */
function againstThreshold({ code, data }: Finding): Measured | null {
  const number = (key: string): number | null => (typeof data[key] === 'number' ? data[key] : null);
  if (code === 'DRIFT_FAIL' || code === 'DRIFT_WARN') {
    const [then, now, tolerance] = [number('cellReference'), number('cellCurrent'), number('cellChangeTolerance')];
    if (data.by === 'cell' && then !== null && now !== null && tolerance !== null) {
      return {
        name: 'cell',
        value: formatPoints(now - then).replace('-', '−'),
        threshold: `${formatNumber(tolerance * 100)} points`,
        scale: {
          value: Math.abs(now - then),
          interval: both(number('cellChangeLower'), number('cellChangeUpper')),
          warn: tolerance,
          fail: tolerance,
        },
      };
    }
    const [statistic, allowed] = [number('statistic'), number('tolerance')];
    if (data.by === 'measure' && statistic !== null && allowed !== null) {
      return {
        name: typeof data.title === 'string' ? data.title : 'measure',
        value: formatNumber(statistic, 3),
        threshold: formatNumber(allowed),
        scale: { value: statistic, interval: both(number('lower'), number('upper')), warn: allowed, fail: allowed },
      };
    }
    const [phiSquared, threshold] = [number('phiSquared'), number('phiSquaredTolerance')];
    if (phiSquared === null || threshold === null) return null;
    return {
      name: 'φ²',
      value: formatDistance(phiSquared),
      threshold: formatNumber(threshold),
      scale: {
        value: phiSquared,
        interval: both(number('phiSquaredLower'), number('phiSquaredUpper')),
        warn: threshold,
        fail: threshold,
      },
    };
  }
  if (code === 'NULLS_UP') {
    const [then, now, tolerated] = [number('referenceShare'), number('currentShare'), number('tolerated')];
    if (then === null || now === null || tolerated === null) return null;
    const threshold = data.by === 'points' ? then + tolerated : then * tolerated;
    return shareAgainst('missing', now, threshold, data.by === 'points' ? null : `${formatNumber(tolerated)} × before`);
  }
  if (code === 'UNSEEN_CATEGORIES' || code === 'OUT_OF_RANGE' || code === 'NEW_VALUES_NOTED') {
    const rows = number('rows') ?? (number('below') ?? 0) + (number('above') ?? 0);
    const [of, tolerated] = [number('currentRows'), number('tolerated')];
    if (!of || tolerated === null) return null;
    return shareAgainst(number('rows') === null ? 'outside' : 'unseen', rows / of, tolerated, null);
  }
  return null;
}

function shareAgainst(name: string, value: number, threshold: number, words: string | null): Measured {
  return {
    name,
    value: formatShare(value),
    threshold: words === null ? formatShare(threshold) : `${words}, ${formatShare(threshold)}`,
    scale: { value, interval: null, warn: threshold, fail: threshold },
  };
}

function both(low: number | null, high: number | null): readonly [number, number] | null {
  // a fall is drawn by its size, as a rise is
  return low === null || high === null ? null : low <= high && low >= 0 ? [low, high] : [Math.abs(high), Math.abs(low)];
}
