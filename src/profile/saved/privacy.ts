import { createHmac } from 'node:crypto';
import type { Dataset } from '../../engine/engine.ts';
import { ColumnFailure } from '../../engine/engine.ts';
import { DriftError } from '../../model/errors.ts';
import type { ColumnProfile, ValueCount } from '../../model/profile.ts';
import type { SavedProfile } from '../../model/saved-profile.ts';
import { nearest, quoted } from '../../model/text.ts';
import type { PeriodCells } from '../periods.ts';
import { readsOf } from '../quality.ts';
import { categoryCells, exactTableLimit, type ReferenceColumn, type SideCounts } from '../side.ts';

/** What a profile leaves out of its columns: rare categories, and the names of categories. */

export interface Privacy {
  /** categories of fewer rows join the others; null for none */
  readonly minCount: number | null;
  /** columns whose categories are named by salted hashes */
  readonly redacted: readonly string[];
  /** never written; null where nothing is redacted */
  readonly salt: string | null;
}

export const openly: Privacy = { minCount: null, redacted: [], salt: null };

export function isOpen({ minCount, redacted }: Pick<Privacy, 'minCount' | 'redacted'>): boolean {
  return minCount === null && redacted.length === 0;
}

/** Settings, filters and messages of the engine quote values of the data. */
export function recordOf(
  { datasets, config }: Pick<SavedProfile, 'datasets' | 'config'>,
  privacy: Pick<Privacy, 'minCount' | 'redacted'>,
): Pick<SavedProfile, 'datasets' | 'config'> {
  if (isOpen(privacy)) return { datasets, config };
  return {
    datasets: datasets.map((info) => (info.where === null ? info : { ...info, where: withheldText })),
    config: { file: null, sha256: '', values: {} },
  };
}

export const withheldText = '(withheld)';

/** 64 bits: the same value of the same column has the same name wherever the salt is the same. */
export function redactedName(salt: string, column: string, value: string): string {
  const hash = createHmac('sha256', salt).update(column, 'utf8').update('\0').update(value, 'utf8').digest('hex');
  return `#${hash.slice(0, 16)}`;
}

/** Tells one salt from another. */
export function saltCheck(salt: string): string {
  return redactedName(salt, 'driftgate', 'salt');
}

/**
 * A column as it is to be saved, with its rows by period.
 *
 * @throws {DriftError} UNKNOWN_COLUMN
 */
export function withheld(
  columns: readonly ReferenceColumn[],
  periods: ReadonlyMap<ReferenceColumn, PeriodCells>,
  privacy: Privacy,
): { readonly columns: readonly ReferenceColumn[]; readonly periods: ReadonlyMap<ReferenceColumn, PeriodCells> } {
  requireColumns(columns, privacy);
  if (isOpen(privacy)) return { columns, periods };
  const kept = new Map<ReferenceColumn, PeriodCells>();
  const result = columns.map((column) => {
    const cells = periods.get(column);
    const folded = privacy.minCount === null ? { column, cells } : withoutRare(column, cells, privacy.minCount);
    const own = {
      ...(privacy.redacted.includes(column.source.name) ? renamed(folded.column, privacy.salt!) : folded.column),
    };
    const shown = own.profile && { ...own.profile, castFailureExamples: [] };
    const saved = { ...own, profile: shown, error: own.error === null ? null : withheldText };
    if (folded.cells) kept.set(saved, folded.cells);
    return saved;
  });
  return { columns: result, periods: kept };
}

function requireColumns(columns: readonly ReferenceColumn[], { redacted, salt }: Privacy): void {
  const names = new Map(columns.map((column) => [column.source.name, column]));
  for (const name of redacted) {
    const column = names.get(name);
    if (column === undefined) {
      const guess = nearest(name, names.keys());
      throw new DriftError(
        'UNKNOWN_COLUMN',
        `--redact names ${quoted(name)}, and the data has no such column${guess === undefined ? '' : `; did you mean ${quoted(guess)}?`}`,
      );
    }
    if (column.counts !== null && column.counts.form !== 'categories') {
      throw new DriftError(
        'BAD_OPTION',
        `--redact names ${quoted(name)}, which is ${column.kind}: only names of categories can be redacted`,
      );
    }
  }
  if (redacted.length > 0 && (salt === null || salt === '')) {
    throw new DriftError(
      'BAD_OPTION',
      '--redact needs a salt: --salt-file FILE, or the environment variable DRIFTGATE_SALT',
    );
  }
}

/** Rare values join those without a name, of which no more is told than their rows. */
function withoutRare(column: ReferenceColumn, cells: PeriodCells | undefined, least: number) {
  const { counts, profile } = column;
  if (counts?.form !== 'categories') return { column, cells };
  const kept = counts.values.flatMap((_, i) => (counts.counts[i]! >= least ? [i] : []));
  if (kept.length === counts.values.length) return { column, cells };
  const shownOnly = (values: readonly ValueCount[]) => values.filter(({ rows }) => rows >= least);
  const folded: SideCounts = {
    ...counts,
    values: kept.map((i) => counts.values[i]!),
    counts: Float64Array.from(kept, (i) => counts.counts[i]!),
    complete: false,
    reads: readsOf(counts),
  };
  const shown: ColumnProfile | null = profile && {
    ...profile,
    mode: profile.mode && profile.mode.rows >= least ? profile.mode : null,
    top: shownOnly(profile.top),
  };
  // the labels are those that come most often, so the rare ones come last
  const labels = kept.filter((i) => i < categoryCells).length;
  const rare = cells?.cells.slice(labels) ?? [];
  const joined = cells && {
    ...cells,
    cells: cells.cells.slice(0, labels),
    other: cells.other.map((count, period) => rare.reduce((sum, own) => sum + own[period]!, count)),
  };
  return { column: { ...column, counts: folded, profile: shown }, cells: joined };
}

function renamed(column: ReferenceColumn, salt: string): ReferenceColumn {
  const { counts, profile, source } = column;
  if (counts?.form !== 'categories') return column;
  const name = (value: string) => redactedName(salt, source.name, value);
  const shown = (entry: ValueCount) => ({ ...entry, value: name(entry.value) });
  return {
    ...column,
    counts: { ...counts, values: counts.values.map(name), reads: readsOf(counts) },
    profile: profile && { ...profile, mode: profile.mode && shown(profile.mode), top: profile.top.map(shown) },
  };
}

/** The columns of a redacted profile under the names that their values have in the data, as far as the data has them. */
export async function named(
  columns: readonly ReferenceColumn[],
  redacted: readonly string[],
  data: Dataset,
  salt: string,
): Promise<ReadonlyMap<ReferenceColumn, ReferenceColumn>> {
  const result = new Map<ReferenceColumn, ReferenceColumn>();
  for (const column of columns) {
    const source = data.columns.find(({ name }) => name === column.source.name);
    const { counts } = column;
    if (!redacted.includes(column.source.name) || source === undefined || counts?.form !== 'categories') continue;
    // it tells which values are too long to be shown whole
    await data.countCategories([source], false);
    const [table] = await data.categoryTables([source], exactTableLimit);
    if (table === undefined || table instanceof ColumnFailure) continue;
    const hash = (value: string) => redactedName(salt, column.source.name, value);
    const names = new Map(table.values.map((value) => [hash(value), value]));
    const { further } = counts;
    result.set(column, {
      ...column,
      counts: {
        ...counts,
        values: counts.values.map((value) => names.get(value) ?? value),
        ...(further === undefined ? {} : { further: { ...further, has: (value) => further.has(hash(value)) } }),
      },
    });
  }
  return result;
}
