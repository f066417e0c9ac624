import type { ReportColumn } from '../../../../model/report.ts';
import type { Severity } from '../../../../model/settings.ts';
import type { Outcome } from '../../../../model/verdict.ts';
import { driftedPart, outcomeWords, roleWords, severityWords } from '../../../words.ts';
import { SideName } from './sides.tsx';

/** In form, word and colour. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { word, symbol, meaning } = outcomeWords[outcome];
  return (
    <span class={`outcome ${outcome}`} title={meaning}>
      <span aria-hidden="true">{symbol}</span> {word}
    </span>
  );
}

export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <span class={`level ${severity}`} title={severityWords[severity]}>
      {severity}
    </span>
  );
}

/** The numbers beside it are those of the whole batch, so a part that drifted is named. */
export function Badges({ column }: { column: ReportColumn }) {
  const part = driftedPart(column.findings);
  return (
    <span class="badges">
      <OutcomeBadge outcome={column.outcome} />
      {column.severity !== null && (
        <>
          {' '}
          <SeverityBadge severity={column.severity} />
        </>
      )}
      {part !== null && <span class="small since-when"> {part}</span>}
    </span>
  );
}

export function kindAndRole({ role, kind }: ReportColumn): string {
  return role === 'feature' ? kind : `${roleWords[role]}, ${kind}`;
}

/** What the two colours and forms stand for. */
export function Legend() {
  return (
    <span class="legend">
      <span class="key reference">
        <SideName of="reference" />
      </span>{' '}
      <span class="key current">
        <SideName of="current" />
      </span>
    </span>
  );
}
