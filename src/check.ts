import { type CurrentSide, currentOf, requireSavedReference, savedCurrent } from './current.ts';
import { findMeasure } from './drift/registry.ts';
import type { Dataset, Engine } from './engine/engine.ts';
import { Engines } from './engine/engines.ts';
import type { Family } from './engine/source.ts';
import { begun, yieldToEngine } from './engine/turn.ts';
import { type OpenedLayers, openLayers } from './layers/open.ts';
import { DriftError } from './model/errors.ts';
import type { ColumnEvidence } from './model/evidence.ts';
import type { Measure, MeasureInput, MeasureResult } from './model/measure.ts';
import type { NamedColumn, QualityDataset, QualityFact, RepeatCounts } from './model/quality.ts';
import {
  type Distribution,
  type Report,
  type ReportColumn,
  type ReportedMeasure,
  reportSchemaVersion,
} from './model/report.ts';
import type { CheckOptions, DatasetInfo } from './model/run.ts';
import type { SavedProfile } from './model/saved-profile.ts';
import type { QualityRule, VerdictSettings } from './model/settings.ts';
import { quoted } from './model/text.ts';
import type { ColumnVerdict } from './model/verdict.ts';
import type { WindowPlan } from './model/windows.ts';
import type { CountedWindows } from './profile/batch-windows.ts';
import { type ComparedPeriods, type ComparedWindows, type Comparison, compareColumn } from './profile/compare.ts';
import type { Pair } from './profile/current.ts';
import { isMerged, settleColumn } from './profile/exact.ts';
import type { ReferencePeriods } from './profile/periods.ts';
import { occurrencesOf, tellsOccurrences, textsOf } from './profile/quality.ts';
import { isCounted } from './profile/roles.ts';
import { savedSide } from './profile/saved/file.ts';
import { profileName } from './profile/saved/read.ts';
import type { CurrentColumn, ReferenceColumn } from './profile/side.ts';
import { distributionOf } from './profile/tables.ts';
import { measureColumnQuality, measureDatasetQuality } from './quality/registry.ts';
import { isJudged } from './quality/sides.ts';
import {
  countReference,
  infoOf,
  type ReferenceSide,
  requireCommonColumns,
  savedReference,
  schemaOf,
  sourcesOf,
  withNames,
} from './reference.ts';
import { type BatchPlan, leastRowsOf, planBatch } from './verdict/batch-windows.ts';
import { judge } from './verdict/judge.ts';
import { requireFittingMeasures, withMeasureGate } from './verdict/measure-gate.ts';
import { count, plural } from './verdict/numerals.ts';
import { withQuality } from './verdict/quality.ts';
import { planWindows } from './verdict/windows.ts';
import { version } from './version.ts';

/**
 * Columns of the current side that are counted, measured and let go together: their tables are never all held at once. Of many rows
 * few, so that the engine counts the next while these are measured; of few rows many, as a statement costs more than its columns.
 */
function columnsAtOnce(rows: number): number {
  return rows > 20_000 ? 8 : Math.max(40, Math.min(200, Math.floor(400_000 / Math.max(1, rows))));
}

/** One column, measured; what the report keeps of it. */
interface MeasuredColumn {
  readonly reference: ReferenceColumn;
  readonly current: CurrentColumn | undefined;
  readonly comparison: Comparison;
  readonly measures: readonly ReportedMeasure[];
  readonly distribution: Distribution | null;
  readonly quality: readonly QualityFact[];
  /** whether the values of a category are all known, on both sides */
  readonly unseen: 'asked' | 'unasked';
  /** how many values there are is known of the reference, and not how often they come */
  readonly countedOnly: boolean;
}

/** The rows that columns are measured on. */
interface MeasuredSides {
  /** of the reference */
  readonly rows: number;
  /** whose single values may be read again; null when they are not to be */
  readonly reference: Dataset | null;
  /** of every merged column, not only of those with a gate of their own */
  readonly exact: boolean;
  readonly current: CurrentSide;
}

/** Both sides by time. */
interface Times {
  /** the reference by period, and the windows that its periods are joined to */
  readonly periods: ReferencePeriods | null;
  readonly plan: WindowPlan;
  /** the batch by windows of its own, and which of them are asked */
  readonly counted: CountedWindows | null;
  readonly batch: BatchPlan | null;
}

/**
 * Two data sets in, one report out.
 *
 * @param engine is closed at the end
 * @throws {DriftError} when there cannot be a report: unreadable input, no common columns, an unknown column in the settings
 */
export async function check(options: CheckOptions, engine: Engine = new Engines(options)): Promise<Report> {
  const startedAt = new Date();
  const start = performance.now();
  const progress = (step: string, fraction: number) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ step, fraction });
  };
  const stop = () => engine.interrupt();
  options.signal?.addEventListener('abort', stop);
  try {
    const measures = options.measures.map(findMeasure);
    progress('reading the reference', 0);
    const unasked = { repeats: !asksFor(options, 'duplicate-rows'), periods: options.verdict.noise === 'off' };
    const saved = await savedSide(options.reference);
    const batchProfile = await savedSide(options.current);
    // before anything is counted in vain
    if (batchProfile) requireSavedReference(saved, options);
    const known = saved
      ? savedReference(saved, options, unasked)
      : await countReference(engine, options, unasked, () => progress('profiling the reference', 0.2));
    requireFittingMeasures(
      known.columns.map(({ source, kind }) => ({ name: source.name, kind })),
      options.verdict,
    );
    const settling = settles(options, known);
    const served = begun(serveReference(known, settling, batchProfile === null, options, engine));
    // one side at a time: two loaded files need not fit in memory together, unless single values are to be read again
    if (known.data?.loaded) await served;

    progress('reading the current data', 0.5);
    const { reference, current } = batchProfile
      ? { reference: known, current: savedCurrent(batchProfile, known, options) }
      : await readCurrent(engine, known, options, startedAt);
    const { columns } = reference;
    const times = begun(timesOf(reference, current, options.verdict));
    const sides = { rows: reference.rows, reference: settling ? reference.data : null, exact: options.exact, current };
    let repeating: Promise<QualityDataset['repeats']> = Promise.resolve(null);
    const measured = await measureColumns(columns, sides, measures, options.verdict, times, {
      onDone: (done) => progress('profiling the current data', 0.6 + 0.35 * done),
      onAsked: () => {
        repeating = begun(bothRepeats(reference, current));
        begun(beginLayers(served, current));
      },
    });
    if (settling) await reference.data?.close();
    const { periods, plan, counted, batch } = await times;
    const { runs, notes: layerNotes } = await served;
    const added = newColumns(columns, current);
    const sizes = { reference: reference.rows, current: current.rows };
    const repeats = await repeating;
    const quality = [
      ...measureDatasetQuality({
        rows: sizes,
        repeats,
        missing: missingColumns(measured),
        added,
        pairs: asksFor(options, 'renamed-columns') ? await current.pairs(columns, sizes) : [],
      }),
      ...measured.flatMap((column) => column.quality),
    ];
    const { labels } = current;
    const pairs = measured.map(({ reference, current, comparison: { evidence } }) => ({
      reference,
      // the layers count over the rows of the log, where labels of a file are not
      current: reference.source.name === labels?.known?.source.name ? undefined : current,
      evidence,
    }));
    const layerTime = {
      column: current.timestamp,
      span: current.span,
      plan,
      windows: counted,
      judged: batch?.judged ?? [],
      timeline: periods?.timeline ?? null,
      zone: options.verdict.timeZone,
      now: startedAt,
    };
    await Promise.all(runs.map((run) => run.current(current.data!, pairs, layerTime, labels)));
    await current.close();

    progress('judging', 0.97);
    const evidence = [
      ...measured.map((column) => ({
        ...column.comparison.evidence,
        ...repeated(column, [repeats?.reference, repeats?.current]),
      })),
      ...added.map((name) => newColumnEvidence(name, sizes, options.verdict)),
    ];
    const { layers: levels, ...ofColumns } = judge(
      evidence,
      sizes,
      options.verdict,
      plan,
      runs.map((run) => run.ask()),
      batch,
    );
    const judged = withQuality(ofColumns, quality, sizes, options.verdict);
    const { verdict } = judged;
    return {
      schemaVersion: reportSchemaVersion,
      tool: { name: 'driftgate', version, engine: engine.description },
      gate: verdict.gate,
      findings: verdict.findings,
      quality: judged.results,
      columns: worstFirst([
        ...measured.map((column, i) => reportColumn(column, verdict.columns[i]!)),
        ...added.map((_, i) =>
          reportNewColumn(evidence[measured.length + i]!, current, verdict.columns[measured.length + i]!),
        ),
      ]),
      datasets: { reference: reference.info, current: current.info },
      method: verdict.method,
      config: options.config,
      ...Object.assign({}, ...runs.map((run, i) => run.report(levels[i]!, verdict))),
      notes: [
        ...current.notes,
        ...savedNotes(reference, options, measured),
        ...layerNotes,
        ...notesOf(measured, options.verdict),
        ...[reference.info, current.info].flatMap(emptyNote),
        ...typeNotes(reference.info),
        ...timeNotes(measured, options.verdict, current.timestamp ?? periods),
        ...runs.flatMap((run) => run.notes?.() ?? []),
      ],
      run: {
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - start),
        threads: engine.threads,
      },
    };
  } catch (error) {
    if (options.signal?.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await engine.close();
  }
}

/** What the layers ask of the reference; then it is closed, unless its values are to be settled. */
async function serveReference(
  known: ReferenceSide,
  settling: boolean,
  layered: boolean,
  options: CheckOptions,
  engine: Engine,
): Promise<OpenedLayers> {
  const { columns, saved } = known;
  const data = known.data ?? { rows: known.rows, columns: sourcesOf(known), info: known.info };
  const timeline = (await known.periods)?.timeline ?? null;
  const layers = layered
    ? await openLayers({ columns, timeline, data, kept: saved?.layers ?? null }, options, engine)
    : { runs: [], notes: [] };
  await known.repeats;
  if (!settling) await known.data?.close();
  return layers;
}

async function beginLayers(served: Promise<OpenedLayers>, { data, windows, timestamp }: CurrentSide): Promise<void> {
  if (data === null) return;
  for (const run of (await served).runs) run.begin?.(data, windows, timestamp);
}

async function timesOf(reference: ReferenceSide, current: CurrentSide, settings: VerdictSettings): Promise<Times> {
  const periods = await reference.periods;
  const counted = await current.windows;
  const timeline = periods?.timeline ?? null;
  const plan = planWindows(timeline, current.span, settings);
  return { periods, plan, counted, batch: counted && planBatch({ ...counted, timeline }, settings) };
}

async function readCurrent(
  engine: Engine,
  known: ReferenceSide,
  options: CheckOptions,
  now: Date,
): Promise<{ readonly reference: ReferenceSide; readonly current: CurrentSide }> {
  const log = await engine.open('current', options.current, options.hash, schemaOf(known));
  requireCommonColumns([options.reference.paths, options.current.paths], known.columns, log);
  const reference = known.saved ? await namedLike(known, known.saved, log, options) : known;
  return { reference, current: await currentOf(engine, log, reference, options, now) };
}

/** A saved reference with the names that its redacted categories have in the log. */
async function namedLike(
  known: ReferenceSide,
  saved: SavedProfile,
  log: Dataset,
  { reference, salt }: CheckOptions,
): Promise<ReferenceSide> {
  const restored = { columns: known.columns, periods: await known.periods };
  const { columns, periods } = await withNames(restored, saved, log, salt, profileName(reference.paths[0]!));
  return { ...known, columns, periods: Promise.resolve(periods) };
}

/** Single values are read again: of all merged columns when asked to, else of those that a measure of the user's own decides on. */
function settles({ exact, verdict, reference, current }: CheckOptions, { columns, data }: ReferenceSide): boolean {
  if (exact) return true;
  if (!data || reference.server || current.server) return false;
  return columns.some((column) => hasOwnGate(column, verdict));
}

function hasOwnGate({ source: { name } }: ReferenceColumn, { columns }: VerdictSettings): boolean {
  return Object.hasOwn(columns, name) && columns[name]!.gate !== undefined;
}

/** What is told of columns being measured. */
interface Milestones {
  readonly onDone: (fraction: number) => void;
  /** all of them have been asked for: what is asked now is counted while the last are measured */
  readonly onAsked: () => void;
}

async function measureColumns(
  reference: readonly ReferenceColumn[],
  { rows: referenceRows, reference: referenceData, exact, current }: MeasuredSides,
  measures: readonly Measure[],
  settings: VerdictSettings,
  times: Promise<Times>,
  { onDone, onAsked }: Milestones,
): Promise<MeasuredColumn[]> {
  const rows = { reference: referenceRows, current: current.rows };
  const sources = new Map(current.columns.map((column) => [column.name, column]));
  const measured = new Map<ReferenceColumn, MeasuredColumn>();
  const many = columnsAtOnce(current.rows);
  // large tables first: comparing them here takes longest, and the engine has the others to count meanwhile
  const order = reference.toSorted((a, b) => tableSize(b) - tableSize(a));
  const countChunk = (start: number) => {
    const chunk = order.slice(start, start + many);
    const pairs = chunk.flatMap((column): Pair[] => {
      const source = sources.get(column.source.name);
      return source === undefined ? [] : [{ reference: column, source }];
    });
    const counting = current.count(pairs);
    if (start + many >= reference.length) onAsked();
    return { chunk, pairs, counting };
  };
  let next = reference.length > 0 ? countChunk(0) : undefined;
  for (let start = many; next !== undefined; start += many) {
    const { chunk, pairs, counting }: ReturnType<typeof countChunk> = next;
    const counted = await counting;
    onDone(measured.size / reference.length);
    // the engine counts the next columns while these are measured
    next = start < reference.length ? countChunk(start) : undefined;
    next?.counting.catch(() => {});
    const { periods: past, plan, counted: parts, batch } = await times;
    const leastRows = batch ? leastRowsOf(batch) : 0;
    const partners = new Map(pairs.map((pair, i) => [pair.reference, { pair, counted: counted[i]! }]));
    for (const column of chunk) {
      const partner = partners.get(column);
      const data = partner && current.dataOf(partner.pair.source);
      const settled =
        referenceData && data && (exact || hasOwnGate(column, settings)) && isMerged(column, partner.counted)
          ? await settleColumn(referenceData, data, partner.pair, partner.counted)
          : { reference: column, current: partner?.counted };
      const then = past?.columns.get(column) ?? null;
      const now = parts?.columns.get(column);
      const periods = then && { counts: then, windows: plan.windows };
      const windows = now && leastRows > 0 ? { counts: now, leastRows, reference: then } : null;
      measured.set(
        column,
        measureColumn(settled.reference, settled.current, rows, measures, settings, periods, windows),
      );
      await yieldToEngine();
    }
  }
  return reference.map((column) => measured.get(column)!);
}

function tableSize({ counts }: ReferenceColumn): number {
  return counts === null || counts.form === 'intervals' ? 0 : counts.values.length;
}

function measureColumn(
  reference: ReferenceColumn,
  current: CurrentColumn | undefined,
  rows: { readonly reference: number; readonly current: number },
  measures: readonly Measure[],
  settings: VerdictSettings,
  periods: ComparedPeriods | null,
  windows: ComparedWindows | null,
): MeasuredColumn {
  const comparison = compareColumn(reference, current, rows, periods, windows);
  const { table, moments } = comparison;
  const evidence = withMeasureGate(comparison.evidence, table, moments, settings);
  const tested = evidence.notTested === undefined && table !== null && evidence.cells !== null;
  return {
    // the tables have served: only what the report shows is kept
    reference: { ...reference, counts: null, gate: null },
    current: current && { ...current, counts: null },
    comparison: { evidence, table: null, moments },
    measures: tested
      ? measures
          .filter((measure) => measure.kinds.includes(evidence.kind))
          .flatMap((measure) => reported(measure, { table, cells: evidence.cells!, moments }))
      : [],
    distribution: table === null ? null : distributionOf(table),
    quality: columnQuality(reference, current, comparison),
    unseen: reference.counts?.form === 'categories' && current && evidence.unseen === null ? 'unasked' : 'asked',
    countedOnly: reference.profile?.distinct?.exact === true && !tellsOccurrences(reference.counts),
  };
}

/** Empty where there is nothing to show: a side without a value has no distance, and one that overflows is no number. */
function reported(measure: Measure, input: MeasureInput): ReportedMeasure[] {
  let result: MeasureResult;
  try {
    result = measure.measure(input);
  } catch (error) {
    if (error instanceof DriftError && error.code === 'EMPTY_SAMPLE') return [];
    throw error;
  }
  const { logPValue, interval, detail, ...rest } = result;
  if (!Number.isFinite(result.statistic)) return [];
  const log10PValue = logPValue === undefined ? null : logPValue / Math.LN10;
  const kept = Object.entries(detail ?? {}).filter(([, value]) => typeof value === 'string' || Number.isFinite(value));
  return [
    {
      id: measure.id,
      ...rest,
      ...(interval?.every(Number.isFinite) ? { interval } : {}),
      ...(kept.length > 0 ? { detail: Object.fromEntries(kept) } : {}),
      pValue: log10PValue === null ? null : 10 ** log10PValue,
      log10PValue,
    },
  ];
}

function columnQuality(
  { profile, counts }: ReferenceColumn,
  current: CurrentColumn | undefined,
  { evidence, table }: Comparison,
): QualityFact[] {
  if (!profile || !current?.profile) return [];
  const { name, role, kind, rows, cells } = evidence;
  return measureColumnQuality({
    name,
    role,
    kind,
    rows,
    profiles: { reference: profile, current: current.profile },
    table,
    cells: evidence.notTested === undefined ? cells : null,
    occurrences: counts && occurrencesOf(counts),
    texts: textsOf(kind, counts, current.counts),
  });
}

function asksFor({ verdict }: CheckOptions, rule: QualityRule): boolean {
  return verdict.quality[rule].severity !== 'off';
}

/** More copies of a row than this are no copies: there are only so many different rows. */
const mostCopies = 10;

async function bothRepeats(reference: ReferenceSide, current: CurrentSide): Promise<QualityDataset['repeats']> {
  const then = await reference.repeats;
  const now = then && (await current.repeats(then.key, reference.columns));
  return then && now && { ids: then.key.ids ? then.key.columns : null, reference: then.counts, current: now };
}

/** Whole rows tell copies from values that come up often; a column by itself tells where there are none. */
function repeated(
  { reference, current }: MeasuredColumn,
  sides: readonly (RepeatCounts | undefined)[],
): Pick<ColumnEvidence, 'repetition'> {
  const copies = Math.max(
    ...sides.map((side) => (side === undefined || side.distinct === 0 ? 1 : side.rows / side.distinct)),
  );
  if (copies <= 1 || copies > mostCopies) return {};
  const own = [reference.profile, current?.profile].map((profile) =>
    profile?.distinct ? (profile.rows - profile.nulls) / Math.max(1, profile.distinct.value) : 1,
  );
  return { repetition: Math.max(1, Math.min(copies, ...own)) };
}

function missingColumns(measured: readonly MeasuredColumn[]): NamedColumn[] {
  return measured
    .filter(({ reference, current }) => current === undefined && isJudged(reference.role))
    .map(({ reference }) => ({ name: reference.source.name, role: reference.role }));
}

function newColumns(reference: readonly ReferenceColumn[], data: Pick<CurrentSide, 'columns'>): string[] {
  const known = new Set(reference.map(({ source }) => source.name));
  return data.columns.map((column) => column.name).filter((name) => !known.has(name));
}

function newColumnEvidence(
  name: string,
  rows: ColumnEvidence['rows'],
  { columns }: CheckOptions['verdict'],
): ColumnEvidence {
  return {
    name,
    role: columns[name]?.role ?? 'feature',
    kind: 'unsupported',
    schema: 'new-in-current',
    rows,
    cells: null,
    missing: null,
    unseen: null,
    outside: null,
    mode: null,
  };
}

function reportColumn(column: MeasuredColumn, verdict: ColumnVerdict): ReportColumn {
  const { reference, current, comparison, measures, distribution } = column;
  const { cells } = comparison.evidence;
  return {
    name: verdict.name,
    role: reference.role,
    kind: reference.kind,
    guess: { role: reference.roleReason, kind: reference.kindReason },
    type: { reference: reference.source.native, current: current?.source.native ?? null },
    ...judged(verdict),
    measures,
    reference: reference.profile,
    current: current?.profile ?? null,
    distribution,
    cells: cells && { labels: cells.labels, reference: [...cells.reference], current: [...cells.current] },
    error: comparison.evidence.error ?? null,
  };
}

function reportNewColumn(
  { name, role }: ColumnEvidence,
  data: Pick<CurrentSide, 'columns'>,
  verdict: ColumnVerdict,
): ReportColumn {
  const native = data.columns.find((column) => column.name === name)!.native;
  return {
    name,
    role,
    kind: 'unsupported',
    guess: { role: null, kind: null },
    type: { reference: null, current: native },
    ...judged(verdict),
    measures: [],
    reference: null,
    current: null,
    distribution: null,
    cells: null,
    error: null,
  };
}

function judged({ outcome, reason, severity, findings, gating, tests, qValue, windows }: ColumnVerdict) {
  return {
    ...{ outcome, reason, severity, findings, gating, tests },
    ...(qValue === undefined ? {} : { qValue }),
    ...(windows === undefined ? {} : { windows }),
  };
}

/** By code unit; a collator takes 20 ms to load. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const outcomeOrder = ['drift', 'undetermined', 'stable', 'not-tested'] as const;

/** By outcome, severity and φ²; otherwise as in the reference. */
function worstFirst(columns: readonly ReportColumn[]): ReportColumn[] {
  return [...columns].sort(
    (a, b) =>
      outcomeOrder.indexOf(a.outcome) - outcomeOrder.indexOf(b.outcome) ||
      compareText(a.severity ?? 'P4', b.severity ?? 'P4') ||
      (b.gating?.phiSquared ?? -1) - (a.gating?.phiSquared ?? -1),
  );
}

/** What a saved reference cannot say. */
function savedNotes({ saved }: ReferenceSide, options: CheckOptions, measured: readonly MeasuredColumn[]): string[] {
  if (saved === null) return [];
  const named = (columns: readonly MeasuredColumn[]) =>
    columns.map(({ reference }) => quoted(reference.source.name, 40)).join(', ');
  const bounded = measured.filter(({ measures }) => measures.some(({ interval }) => interval !== undefined));
  const unasked = measured.filter(({ unseen }) => unseen === 'unasked');
  const countedOnly = measured.filter((column) => column.countedOnly);
  const from = infoOf(saved)
    .paths.map((path) => quoted(path, 60))
    .join(', ');
  const name = profileName(options.reference.paths[0]!);
  return [
    `the reference is ${name} of ${from}, and its rows were not read${options.exact ? ', so --exact has nothing to read' : ''}`,
    ...saved.notes.map((note) => `${name}: ${note}`),
    ...(bounded.length === 0
      ? []
      : [
          `of ${plural(bounded.length, 'column')} only the raw reference could settle every measure: ${named(bounded)}; bounds that surely hold them are given`,
        ]),
    ...(countedOnly.length === 0
      ? []
      : [
          `the number of distinct values is held against a bound in ${named(countedOnly)}: the profile does not tell how often each comes`,
        ]),
    ...(unasked.length === 0
      ? []
      : [
          `whether values are new was not asked of ${named(unasked)}: the profile does not know all values of the reference`,
        ]),
  ];
}

/** A filter that leaves nothing may stand in a file that nobody is thinking of. */
function emptyNote({ paths, rows, where }: DatasetInfo): string[] {
  if (rows > 0 || where === null) return [];
  return [`no row of ${quoted(paths.join(', '), 80)} meets where ${quoted(where, 80)}`];
}

/** Columns that were read as text and may not have been meant so: what is compared of text is its length at most. */
function typeNotes({ dialect: { text, dates } }: DatasetInfo): string[] {
  return [
    ...(text === undefined
      ? []
      : [
          `${text}; --numeric, --datetime or the column's kind in driftgate.yaml reads it so, and counts the others as missing`,
        ]),
    ...(dates === undefined ? [] : [`${dates}`]),
  ];
}

/** What the run would know more with a timestamp, where a column that has none of the usual names may be one. */
function timeNotes(measured: readonly MeasuredColumn[], { noise }: VerdictSettings, known: object | null): string[] {
  if (known !== null || noise === 'off') return [];
  const times = measured.filter(
    ({ reference: { kind, role, source } }) =>
      kind === 'datetime' && role === 'feature' && !/^TIME(?!STAMP)/.test(source.native) && source.notation !== 'time',
  );
  if (times.length === 0 || times.length > 3) return [];
  const names = times.map(({ reference }) => quoted(reference.source.name, 40)).join(' or ');
  return [
    `if ${names} says when a row was logged, --timestamp COLUMN lets the run know the noise between periods and since when a column drifts`,
  ];
}

const readAs: Readonly<Partial<Record<Family, string>>> = {
  number: 'numbers',
  integer: 'numbers',
  boolean: 'true or false',
  datetime: 'dates or times',
  embedding: 'vectors',
};

function unreadNote({ source, profile }: ReferenceColumn, current: CurrentColumn | undefined): string | null {
  const sides = [
    { side: 'reference', profile },
    { side: 'current', profile: current?.profile ?? null },
  ].filter((side) => (side.profile?.castFailures ?? 0) > 0);
  if (sides.length === 0) return null;
  const counts = sides.map(
    ({ side, profile }) => `${count(profile!.castFailures)} of ${count(profile!.rows)} ${side} values`,
  );
  const examples = [...new Set(sides.flatMap(({ profile }) => profile!.castFailureExamples))].slice(0, 3);
  const shown = examples.map((value) => quoted(value, 20)).join(', ');
  return `${counts.join(' and ')} of ${quoted(source.name, 40)} do not read as ${readAs[source.family] ?? 'its type'} and count as missing${shown === '' ? '' : `, e.g. ${shown}`}`;
}

function notesOf(measured: readonly MeasuredColumn[], { columns: said }: VerdictSettings): string[] {
  const notes: string[] = [];
  const guessed = measured.filter(({ reference }) => reference.roleReason !== null);
  if (guessed.length > 0) {
    const roles = guessed.map(({ reference }) => `${quoted(reference.source.name, 40)} (${reference.role})`);
    notes.push(`roles were guessed for ${roles.join(', ')}: set "columns" in driftgate.yaml where one is wrong`);
  }
  for (const { reference, current } of measured) {
    const { name } = reference.source;
    const declared = Object.hasOwn(said, name) ? said[name]!.kind : undefined;
    if (declared !== undefined && declared !== reference.kind && isCounted(reference.role)) {
      notes.push(`${quoted(name, 40)} stays ${reference.kind}: ${reference.kindReason}`);
    }
    const unread = unreadNote(reference, current);
    if (unread !== null) notes.push(unread);
  }
  return notes;
}
