import type { Dataset, Engine } from './engine/engine.ts';
import type { SourceColumn } from './engine/source.ts';
import { begun } from './engine/turn.ts';
import { type BatchLabels, batchLabels } from './layers/outcomes/labels.ts';
import { DriftError } from './model/errors.ts';
import type { BothRows, ColumnPair, RepeatCounts } from './model/quality.ts';
import type { CheckOptions, DatasetInfo } from './model/run.ts';
import type { SavedProfile } from './model/saved-profile.ts';
import { nearest, quoted } from './model/text.ts';
import type { TimeSpan } from './model/windows.ts';
import { batchTimestamp, type CountedWindows, countBatchWindows, countInWindows } from './profile/batch-windows.ts';
import { type Pair, profileCurrent } from './profile/current.ts';
import { duringPeriod } from './profile/period.ts';
import { batchTime } from './profile/periods.ts';
import { columnPair, countRepeats, pairColumns, type RowKey, renamingCandidates } from './profile/quality.ts';
import { profileName, restoreCurrent } from './profile/saved/read.ts';
import type { CurrentColumn, ReferenceColumn } from './profile/side.ts';
import { infoOf, type ReferenceSide, sourcesOf } from './reference.ts';
import { ofVersion } from './versions.ts';

/** What a check asks of its current side, whether it is counted now or was profiled before. */
export interface CurrentSide {
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
  readonly info: DatasetInfo;
  /** null when no column tells the time */
  readonly timestamp: SourceColumn | null;
  /** from when to when the batch lies; null when nothing tells */
  readonly span: TimeSpan | null;
  /** null when it is not cut; counted while other things go on */
  readonly windows: Promise<CountedWindows | null>;
  readonly notes: readonly string[];
  /** its rows; null when there is only a profile */
  readonly data: Dataset | null;
  /** labels that lie in a file, met with the rows; null when there are none. Their column is one of this side's, not of its data */
  readonly labels: BatchLabels | null;
  /** the rows that hold a column; null when there is only a profile */
  dataOf(column: SourceColumn): Dataset | null;
  close(): Promise<void>;
  count(pairs: readonly Pair[]): Promise<CurrentColumn[]>;
  /** @param counted columns of these names as profiled on either side: those that tell rows apart best are looked at first */
  repeats(key: RowKey, counted: readonly ReferenceColumn[]): Promise<RepeatCounts | null>;
  /** columns that are missing with new ones that they may have become */
  pairs(reference: readonly ReferenceColumn[], rows: BothRows): Promise<ColumnPair[]>;
}

/** The rows of a log that a check is about. */
export async function currentOf(
  engine: Engine,
  log: Dataset,
  reference: ReferenceSide,
  options: CheckOptions,
  now: Date,
): Promise<CurrentSide & { readonly data: Dataset }> {
  const { columns } = reference;
  const { columns: said, window, timeZone } = options.verdict;
  const { data: opened, note: versionNote } = await ofVersion(log, columns, said, options.modelVersion);
  const timestamp = batchTimestamp(opened, columns, said);
  const { data, note } = await duringPeriod(opened, timestamp, options.period, now);
  requireKnownColumns(options, [sourcesOf(reference), data.columns]);
  const time = timestamp && (await batchTime(data, timestamp, columns));
  const counted = begun(window ? countBatchWindows(data, columns, time, window, timeZone) : Promise.resolve(null));
  const labels = await batchLabels(engine, data, columns, options, timestamp, counted);
  // a label of the file takes the place of one in the log
  const label = labels?.known ? { ...labels.label, name: labels.known.source.name } : null;
  const dataOf = (column: SourceColumn) => (column === label ? labels!.data : data);
  return {
    rows: data.rows,
    columns: label === null ? data.columns : [...data.columns.filter(({ name }) => name !== label.name), label],
    info: data.info,
    timestamp,
    span: time?.span ?? null,
    windows: labels?.known ? begun(withLabels(counted, labels, labels.known)) : counted,
    notes: [
      ...(versionNote === null || options.referenceVersion !== undefined ? [] : [versionNote]),
      ...(note === null ? [] : [note]),
    ],
    data,
    labels,
    dataOf,
    close: async () => {
      await labels?.data.close();
      await data.close();
    },
    count: async (pairs) => {
      const [labelled, others] = [true, false].map((is) => pairs.filter(({ source }) => (source === label) === is));
      const counted = await profileCurrent(data, others!);
      const ofLabel = labels === null ? [] : await profileCurrent(labels.data, labelled!);
      return pairs.map(({ source }) => (source === label ? ofLabel : counted).shift()!);
    },
    repeats: (key, counted) => countRepeats(data, key, counted),
    pairs: (known, rows) => pairColumns(known, data, rows),
  };
}

/** @throws {DriftError} BAD_OPTION when the batch is a profile and the reference is not */
export function requireSavedReference(
  reference: SavedProfile | null,
  { current }: CheckOptions,
): asserts reference is SavedProfile {
  if (reference !== null) return;
  throw new DriftError(
    'BAD_OPTION',
    `${profileName(current.paths[0]!)} can be compared with a profile alone: profile the reference, and this data with --like that profile`,
  );
}

/** The windows with the cells of the labels in them. */
async function withLabels(
  counted: Promise<CountedWindows | null>,
  { data, label, window }: BatchLabels,
  known: ReferenceColumn,
): Promise<CountedWindows | null> {
  const windows = await counted;
  if (windows === null) return null;
  const cells = window && (await countInWindows(data, known, label, window, windows));
  const { columns } = windows;
  const others = [...columns].filter(([column]) => column !== known);
  return { ...windows, columns: new Map(cells === null ? others : [...others, [known, cells]]) };
}

/**
 * A batch from its profile.
 *
 * @throws {DriftError} BAD_OPTION, BAD_PROFILE when it was not made for this reference, or its rows would have to be asked
 */
export function savedCurrent(saved: SavedProfile, reference: ReferenceSide, options: CheckOptions): CurrentSide {
  const [path, referencePath] = [options.current.paths[0]!, options.reference.paths[0]!];
  const name = profileName(path);
  const refuse = (what: string) => new DriftError('BAD_OPTION', `${name} ${what}`);
  requireSavedReference(reference.saved, options);
  if (saved.cells !== reference.saved.cells) {
    throw new DriftError(
      'BAD_PROFILE',
      `${name} was counted over other cells than ${quoted(referencePath, 200)}: profile its data with --like ${quoted(referencePath, 200)}`,
    );
  }
  const { minCount, saltCheck } = saved.privacy;
  if (saltCheck !== reference.saved.privacy.saltCheck || minCount !== reference.saved.privacy.minCount) {
    throw refuse(`was written with another salt or --min-count than ${quoted(referencePath, 200)}`);
  }
  const { current, period, modelVersion } = options;
  if (current.where !== undefined || period !== undefined || modelVersion !== undefined) {
    throw refuse(
      'cannot be filtered any more: --where, --since, --until, --last and --model-version are for profiling it',
    );
  }
  const known = saved.like === reference.saved.checksum;
  const { columns, windows, renamed } = restoreCurrent(saved, reference.columns, known, name);
  const added = (saved.batch?.added ?? []).map(
    ({ name, family, native }, i): SourceColumn => ({ index: saved.columns.length + i, name, family, native }),
  );
  const sources = [...columns.values()].map(({ source }) => source);
  requireKnownColumns(options, [sourcesOf(reference), added]);
  const time = saved.batch?.time ?? null;
  return {
    rows: saved.rows,
    columns: [...sources, ...added],
    info: infoOf(saved),
    timestamp: sources.find((column) => column.name === time?.column) ?? null,
    span: time,
    windows: Promise.resolve(options.verdict.window && windows),
    notes: [
      `the current side is ${name}: the layers beside the columns are left out, and windows are those that it was profiled with`,
      ...saved.notes.map((note) => `${name}: ${note}`),
    ],
    data: null,
    labels: null,
    dataOf: () => null,
    close: async () => {},
    count: async (pairs) => pairs.map((pair) => columns.get(pair.reference)!),
    pairs: async (known, rows) =>
      renamingCandidates(known, [...sources, ...added]).map((pair) =>
        columnPair(pair, renamed.get(pair.source.name)?.get(pair.reference.source.name), rows),
      ),
    repeats: async ({ ids, columns: key }) => {
      const { repeats } = saved;
      const same = repeats !== null && repeats.ids === ids && JSON.stringify(repeats.columns) === JSON.stringify(key);
      return same ? { rows: repeats.rows, distinct: repeats.distinct } : null;
    },
  };
}

/** A column that only the log has may be spoken of. */
function requireKnownColumns(
  { verdict, reference }: CheckOptions,
  sides: readonly (readonly Pick<SourceColumn, 'name'>[])[],
): void {
  const names = new Set(sides.flat().map((column) => column.name));
  const unknown = Object.keys(verdict.columns).find((name) => !names.has(name));
  if (unknown === undefined) return;
  const guess = nearest(unknown, names);
  const hint =
    guess === undefined
      ? `there are ${names.size}, e.g. ${quoted([...names][0] ?? '')}`
      : `did you mean ${quoted(guess)}?`;
  const where = `neither in the reference ${quoted(reference.paths.join(', '))} nor in the current data`;
  throw new DriftError('UNKNOWN_COLUMN', `no column is called ${quoted(unknown)}, ${where}; ${hint}`);
}
