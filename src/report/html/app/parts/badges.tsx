import type { ReportColumn } from '../../../../model/report.ts';
import type { Severity } from '../../../../model/settings.ts';
import type { Outcome } from '../../../../model/verdict.ts';
import { outcomeWords, roleWords, severityWords } from '../../../words.ts';
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

export function Badges({ column }: { column: ReportColumn }) {
  return (
    <span class="badges">
      <OutcomeBadge outcome={column.outcome} />
      {column.severity !== null && (
        <>
          {' '}
          <SeverityBadge severity={column.severity} />
        </>
      )}
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
