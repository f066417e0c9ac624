import {
  ColumnFailure,
  type Dataset,
  type Engine,
  type KeyReading,
  type LabelJoinCounts,
  lagProbabilities,
} from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import { DriftError } from '../../model/errors.ts';
import type { ReportedJoin } from '../../model/outcomes.ts';
import type { CheckOptions, LabelSource } from '../../model/run.ts';
import type { VerdictSettings } from '../../model/settings.ts';
import { nearest, quoted } from '../../model/text.ts';
import type { CountedWindows } from '../../profile/batch-windows.ts';
import { conventionalRole } from '../../profile/roles.ts';
import { numberReading, type ReferenceColumn } from '../../profile/side.ts';

/** Labels of a file of their own, met with the log. */
export interface JoinedLabels {
  /** the log's rows in the columns asked for, with the label */
  readonly data: Dataset;
  readonly label: SourceColumn;
  readonly join: ReportedJoin;
  readonly notes: readonly string[];
}

/** The rows of a batch with the labels that lie in a file. */
export interface BatchLabels extends JoinedLabels {
  /** what labels are called in the reference, or else in the configuration */
  readonly name: string;
  /** the reference's labels; null when it has none */
  readonly known: ReferenceColumn | null;
  /** the window of the batch that a row lies in, from 0; null without windows */
  readonly window: SourceColumn | null;
}

/** The label, as the reference has it and as it is called. */
export function labelOf(
  columns: readonly ReferenceColumn[],
  { columns: settings }: Pick<VerdictSettings, 'columns'>,
): { readonly known: ReferenceColumn | null; readonly name: string | null } {
  const known = columns.find(({ role, error }) => role === 'label' && error === null) ?? null;
  const said = Object.entries(settings).find(([, { role }]) => role === 'label');
  return { known, name: known?.source.name ?? said?.[0] ?? null };
}

/**
 * The labels that lie in a file, met once for all that asks for them: null when there is none, or nothing to compare it with. Close
 * its data.
 *
 * @param log the batch
 * @param time of the log, when a row was logged
 * @throws {DriftError} as {@link joinLabels}
 */
export async function batchLabels(
  engine: Engine,
  log: Dataset,
  columns: readonly ReferenceColumn[],
  { labels, verdict }: Pick<CheckOptions, 'labels' | 'verdict'>,
  time: SourceColumn | null,
  counted: Promise<Pick<CountedWindows, 'by'> | null>,
): Promise<BatchLabels | null> {
  const written = columns.filter(({ role, error }) => error === null && (role === 'prediction' || role === 'score'));
  if (labels === undefined || written.length === 0) return null;
  const { known, name } = labelOf(columns, verdict);
  const windows = await counted;
  const names = new Set([
    ...written.map(({ source }) => source.name),
    keyOf(log, labels).name,
    ...(time === null ? [] : [time.name]),
  ]);
  const kept = log.columns.filter((column) => names.has(column.name));
  const rows = log.derive([
    ...kept.map((column) => ({ name: column.name, derivation: { as: 'itself', column } as const })),
    ...(windows === null ? [] : [{ name: 'window', derivation: { as: 'stretch', by: windows.by } as const }]),
  ]);
  const own = rows.columns.find((column) => column.name === time?.name) ?? null;
  const joined = await joinLabels(engine, rows, labels, { name: name ?? 'label', column: known }, own);
  return {
    ...joined,
    name: name ?? 'label',
    known,
    window: windows === null ? null : joined.data.columns[kept.length]!,
  };
}

/**
 * @param label what labels are called in the reference, and as what they are read there; null when it has none
 * @param log the rows in the columns that the joined rows keep, the key among them
 * @param time of the log, when a row was logged
 * @throws {DriftError} BAD_LABELS, UNKNOWN_COLUMN and whatever reading a file throws
 */
export async function joinLabels(
  engine: Engine,
  log: Dataset,
  source: LabelSource,
  label: { readonly name: string; readonly column: ReferenceColumn | null },
  time: SourceColumn | null,
): Promise<JoinedLabels> {
  const key = keyOf(log, source);
  const family = label.column?.source.family;
  const imposed = {
    columns: [
      { name: source.labelKey, family: key.family },
      ...(family === undefined ? [] : [{ name: source.column ?? label.name, family }]),
    ].filter(({ name }, i, all) => all.findIndex((other) => other.name === name) === i),
    dialect: {},
  };
  const labels = await engine.open('current', source, 'ends', imposed);
  try {
    const labelKey = columnOf(labels, source.labelKey, `the labels ${told(source)}`, '--join-key');
    const found = labelColumn(labels, source, label.name, labelKey);
    const unread = await unreadLabels(labels, found, source, label);
    const came = timeColumn(labels, source, [labelKey, found]);
    const request = {
      key,
      labels,
      labelKey,
      label: found,
      labelTime: came && numberReading(came, 'datetime'),
      time: time && numberReading(time, 'datetime'),
      columns: log.columns,
    };
    const joined = await log.joinLabels(request);
    if (joined.counts.matched + joined.counts.contradicted === 0 && log.rows > 0 && joined.counts.labels > 0) {
      await joined.data.close();
      throw await noneFits(log, request, source);
    }
    const notes = [
      `labels are those of ${told(source)}: ${quoted(found.name, 40)} by ${quoted(source.key, 40)}${source.labelKey === source.key ? '' : ` = ${quoted(source.labelKey, 40)}`}`,
    ];
    return {
      data: joined.data,
      label: joined.label,
      join: reported(joined.counts, log.rows, source),
      notes: [...notes, ...unread],
    };
  } finally {
    await labels.close();
  }
}

/** The share of labels that do not read as the reference's from which on they are those of another task. */
const unreadShare = 0.5;

/** @throws {DriftError} BAD_LABELS when most labels do not read as the reference's do */
async function unreadLabels(
  labels: Dataset,
  column: SourceColumn,
  source: LabelSource,
  { name, column: known }: { readonly name: string; readonly column: ReferenceColumn | null },
): Promise<string[]> {
  const [counts] = await labels.countPresent([column]);
  if (counts === undefined || counts instanceof ColumnFailure || counts.castFailures === 0) return [];
  const { castFailures, present } = counts;
  const [example = ''] = await labels.castFailureExamples(column, 1);
  const what = `of the labels ${told(source)} hold values such as ${quoted(example, 30)} that do not read as ${column.family}, which ${quoted(name, 40)} is in the reference`;
  if (castFailures < unreadShare * (castFailures + present)) return [`${castFailures} ${what}; they count as missing`];
  const then =
    known?.counts?.form === 'categories' || known?.counts?.form === 'values' ? known.counts.values[0] : undefined;
  throw new DriftError(
    'BAD_LABELS',
    `${castFailures} ${what}${then === undefined ? '' : `, e.g. ${quoted(String(then), 30)}`}: labels of another task`,
  );
}

/** @throws {DriftError} UNKNOWN_COLUMN, BAD_LABELS */
export function keyOf(log: Dataset, source: LabelSource): SourceColumn {
  return columnOf(log, source.key, 'the current data', '--join-key');
}

function told(source: LabelSource): string {
  return quoted(source.paths.join(', '), 120);
}

function columnOf(data: Dataset, name: string, where: string, flag: string): SourceColumn {
  const column = data.columns.find((candidate) => candidate.name === name);
  if (column !== undefined && column.family !== 'unsupported' && column.family !== 'embedding') return column;
  if (column !== undefined) {
    throw new DriftError(
      'BAD_LABELS',
      `${flag} is ${quoted(name)}, and ${where} has it as ${column.native}, which is no key`,
    );
  }
  const names = data.columns.map((candidate) => candidate.name);
  const guess = nearest(name, names);
  const hint =
    guess === undefined
      ? `its columns are ${names
          .slice(0, 5)
          .map((each) => quoted(each, 30))
          .join(', ')}${names.length > 5 ? ' …' : ''}`
      : `did you mean ${quoted(guess)}?`;
  throw new DriftError('UNKNOWN_COLUMN', `${flag} is ${quoted(name)}, and ${where} has no such column; ${hint}`);
}

/** By its name in the configuration, by that of the reference's labels, by convention, or because there is no other. */
function labelColumn(labels: Dataset, source: LabelSource, wanted: string, key: SourceColumn): SourceColumn {
  if (source.column !== undefined)
    return columnOf(labels, source.column, `the labels ${told(source)}`, 'labels.column');
  const others = labels.columns.filter((column) => column !== key);
  const same = others.find(({ name }) => name === wanted);
  if (same) return same;
  const conventional = others.filter(({ name }) => conventionalRole(name) === 'label');
  if (conventional.length === 1) return conventional[0]!;
  const rest = others.filter(({ family, name }) => family !== 'datetime' && conventionalRole(name) !== 'timestamp');
  if (rest.length === 1) return rest[0]!;
  const names = others.map(({ name }) => quoted(name, 30)).slice(0, 5);
  throw new DriftError(
    'BAD_LABELS',
    others.length === 0
      ? `the labels ${told(source)} have no column but the key ${quoted(key.name)}`
      : `which column of ${told(source)} is the label? none is called ${quoted(wanted)}; name one of ${names.join(', ')} as labels.column`,
  );
}

function timeColumn(labels: Dataset, source: LabelSource, taken: readonly SourceColumn[]): SourceColumn | null {
  if (source.time !== undefined) {
    const column = columnOf(labels, source.time, `the labels ${told(source)}`, 'labels.timestamp');
    if (column.family === 'datetime' || column.family === 'string') return column;
    throw new DriftError(
      'BAD_LABELS',
      `labels.timestamp is ${quoted(column.name)}, stored as ${column.native}: no time`,
    );
  }
  const times = labels.columns.filter((column) => column.family === 'datetime' && !taken.includes(column));
  return times.find(({ name }) => conventionalRole(name) === 'timestamp') ?? (times.length === 1 ? times[0]! : null);
}

const meanings: Readonly<Record<KeyReading, string>> = {
  'without-case': 'upper and lower case differ',
  'without-zeros': 'leading zeros differ',
  trimmed: 'blanks around them differ',
};

async function noneFits(
  log: Dataset,
  request: Parameters<Dataset['countAlike']>[0],
  source: LabelSource,
): Promise<DriftError> {
  const [ours] = await log.keyExamples(request.key, 1);
  const [theirs] = await request.labels.keyExamples(request.labelKey, 1);
  const alike = await log.countAlike(request);
  const meant = (Object.keys(meanings) as KeyReading[]).find((reading) => alike[reading] > 0);
  const examples = `the log's ${quoted(request.key.name, 40)} holds ${quoted(ours ?? '', 40)}, that of the labels ${quoted(theirs ?? '', 40)}`;
  const hint =
    meant === undefined
      ? 'give the key that both have as --join-key'
      : `${meanings[meant]}: write them alike on both sides`;
  return new DriftError('BAD_LABELS', `none of the labels of ${told(source)} belongs to a row: ${examples}; ${hint}`);
}

function reported(counts: LabelJoinCounts, rows: number, source: LabelSource): ReportedJoin {
  const { lags } = counts;
  const lag = (probability: (typeof lagProbabilities)[number]) => lags![lagProbabilities.indexOf(probability)]!;
  return {
    paths: source.paths,
    key: source.key,
    labelKey: source.labelKey,
    labels: counts.labels,
    labelKeys: counts.labelKeys,
    keyless: counts.keyless,
    empty: counts.empty,
    matched: counts.matched,
    unlabelled: rows - counts.matched,
    orphanKeys: counts.orphanKeys,
    repeatedKeys: counts.repeatedKeys,
    conflictingKeys: counts.conflictingKeys,
    contradictedRows: counts.contradicted,
    rowsWithoutKey: counts.rowsWithoutKey,
    repeatedRows: counts.repeatedRows,
    lag: lags && { least: lag(0), q50: lag(0.5), q90: lag(0.9), q99: lag(0.99), most: lag(1) },
  };
}
