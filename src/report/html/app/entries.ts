import type { Report, ReportColumn } from '../../../model/report.ts';
import { printable } from '../../../model/text.ts';
import { missingRows, shownName } from '../../words.ts';

/** A column with what the page asks of it again and again. */
export interface Entry {
  readonly index: number;
  readonly column: ReportColumn;
  /** the name on one line, cut */
  readonly name: string;
  /** the part of the address behind `#column=` */
  readonly key: string;
  readonly href: string;
  /** lower case, for the filter */
  readonly searched: string;
  readonly missing: { readonly reference: number | null; readonly current: number | null };
}

const nameLimit = 120;

export function entriesOf(report: Pick<Report, 'columns'>): Entry[] {
  const taken = new Set<string>();
  return report.columns.map((column, index) => {
    let key = encodeURIComponent(printable(column.name, 300));
    while (taken.has(key)) key += '~';
    taken.add(key);
    return {
      index,
      column,
      name: shownName(column.name, nameLimit),
      key,
      href: `#column=${key}`,
      searched: column.name.toLowerCase(),
      missing: { reference: missingShare(column.reference), current: missingShare(column.current) },
    };
  });
}

function missingShare(profile: ReportColumn['reference']): number | null {
  if (profile === null) return null;
  return profile.rows > 0 ? missingRows(profile) / profile.rows : 0;
}
