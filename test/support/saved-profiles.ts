import type { Report } from '../../src/model/report.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import type { SavedProfile } from '../../src/model/saved-profile.ts';
import { profile } from '../../src/profiling.ts';
import { checkOptions } from './check.ts';

/** Counts a file, or the rows of it for which a predicate holds, over the cells of a profile. */
export function profileLike(
  like: string,
  file: string,
  where?: string,
  more: Partial<CheckOptions> = {},
): Promise<SavedProfile> {
  const reference = { paths: [file], ...(where === undefined ? {} : { where }) };
  return profile({ check: { ...checkOptions(file, file), ...more, reference }, like });
}

/** What adds up to the bit: of parts that are merged it is that of the whole. */
export function additive(saved: SavedProfile) {
  const { datasets, checksum, repeats, batch, layers, notes, config, columns, ...rest } = saved;
  return { ...rest, columns: columns.map(additiveColumn), added: batch?.added.map(newColumn) };
}

type SavedColumn = SavedProfile['columns'][number];

function newColumn({ as, ...column }: NonNullable<SavedProfile['batch']>['added'][number]) {
  return { ...column, as: as.map(additiveColumn) };
}

function additiveColumn({ windows, counts, profile: own, distinct, ...column }: SavedColumn) {
  return {
    ...column,
    counts:
      counts?.form === 'numbers'
        ? { ...counts, powerSums: null, sumBelow: null, sumAbove: null, occurrences: null }
        : counts && { ...counts, further: { ...counts.further, occurrences: null } },
    profile: own && { ...own, castFailureExamples: null, distinct: null, mode: null, top: null, numbers: null },
  };
}

/** Numbers that are derived from sums, by column: mean, spread, skewness, kurtosis, shares and extremes, but not the quantiles. */
export function derived(saved: SavedProfile): Map<string, number> {
  return new Map(
    saved.columns.flatMap(({ name, profile: own }) =>
      Object.entries(own?.numbers ?? {}).flatMap(([key, value]) =>
        typeof value === 'number' ? [[`${name}.${key}`, value] as const] : [],
      ),
    ),
  );
}

/** A verdict with everything it rests on; measures beside it may be bounds. */
export function verdictOf({ gate, findings, method, quality, columns }: Report) {
  return {
    ...{ gate, findings, method },
    columns: columns.map(({ measures, distribution, ...column }) => column),
    quality: quality!.map(({ reference, ...result }) => ({
      ...result,
      // of a value that is one of many in a cell, the reference has at most the cell's rows
      reference: result.id === 'almost-constant' ? null : reference,
    })),
  };
}

/** What is the same whether or not the layers beside the columns, whose questions are of the same family, were asked. */
export function columnsOf({ columns }: Pick<Report, 'columns'>) {
  return columns
    .map(({ name, outcome, cells, tests, reference, current, windows, findings }) => ({
      ...{ name, outcome, cells, reference, current, windows },
      tests: tests.map(({ rule, logPFail, logPWarn }) => ({ rule, logPFail, logPWarn })),
      findings: findings.map(({ code, data }) => ({ code, data })),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
