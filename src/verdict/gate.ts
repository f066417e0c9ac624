import type { Severity, VerdictSettings } from '../model/settings.ts';
import { severities } from '../model/settings.ts';
import type { ColumnVerdict, Finding, GateStatus, Outcome, Verdict } from '../model/verdict.ts';
import { count, plural } from './numerals.ts';
import { atOrAbove } from './severity.ts';

export interface Sizes {
  readonly reference: number;
  readonly current: number;
}

/** Why these sizes allow no statistics at all; null when they do. */
export function tooFewRows(sizes: Sizes, minRows: number): string | null {
  if (!(sizes.reference > 0)) return 'the reference has no rows';
  if (!(sizes.current > 0)) return 'the current data has no rows';
  const least = Math.min(sizes.reference, sizes.current);
  if (least >= minRows) return null;
  const side = sizes.current < minRows ? 'the current data' : 'the reference';
  return `${side} has ${plural(least, 'row')}, fewer than the ${count(minRows)} that a verdict needs`;
}

/** From findings to an exit code. A proven finding wins over every reason to say nothing; strictness comes last. */
export function decideGate(
  columns: readonly ColumnVerdict[],
  findings: readonly Finding[],
  sizes: Sizes,
  { failOn, minRows, strict }: VerdictSettings['gate'],
): Verdict['gate'] {
  const counts: Record<Outcome, number> = { stable: 0, drift: 0, undetermined: 0, 'not-tested': 0 };
  for (const column of columns) counts[column.outcome] += 1;

  const settle = (status: GateStatus, reason: string): Verdict['gate'] => ({
    status,
    exitCode: ({ pass: 0, breach: 1, 'no-verdict': 2 } as const)[status],
    reason,
    failOn,
    counts,
  });

  const breaching = findings.filter((finding) => atOrAbove(finding.severity, failOn));
  if (breaching.length > 0) {
    return settle('breach', `${plural(breaching.length, 'finding')} ${threshold(failOn)} (${bySeverity(breaching)})`);
  }
  const tooFew = tooFewRows(sizes, minRows);
  if (tooFew !== null) return settle('no-verdict', tooFew);
  if (!columns.some((column) => column.gating !== null || column.tests.length > 0)) {
    return settle('no-verdict', 'no column could be measured');
  }
  const open = plural(counts.undetermined, 'column');
  const undetermined = counts.undetermined === 0 ? '' : `${open} undetermined`;
  if (strict && undetermined) return settle('no-verdict', `${undetermined}, which strict mode does not let pass`);
  return settle('pass', `no finding ${threshold(failOn)}${undetermined && `; ${undetermined}`}`);
}

function threshold(failOn: Severity): string {
  return failOn === 'P1' ? 'at P1' : `at ${failOn} or above`;
}

function bySeverity(findings: readonly Finding[]): string {
  return severities
    .map((severity) => ({ severity, many: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ many }) => many > 0)
    .map(({ severity, many }) => `${count(many)} × ${severity}`)
    .join(', ');
}
