import { check } from './check.ts';
import {
  ColumnFailure,
  type CrossCounts,
  type CrossRequest,
  type Dataset,
  type Engine,
  type PairedRows,
  type Term,
} from './engine/engine.ts';
import { Engines } from './engine/engines.ts';
import type { SourceColumn } from './engine/source.ts';
import { joinLabels } from './layers/outcomes/labels.ts';
import { normalQuantile } from './math/normal.ts';
import {
  type Agreement,
  type CompareReport,
  compareSchemaVersion,
  type Difference,
  type PairedMetric,
  type PairedMetricId,
  type PairedReport,
} from './model/compare.ts';
import { DriftError } from './model/errors.ts';
import { defaultOutcomeSettings, type OutcomeSettings } from './model/outcomes.ts';
import type { Role } from './model/profile.ts';
import type { CheckOptions, LabelSource } from './model/run.ts';
import type { ColumnSettings, VerdictSettings } from './model/settings.ts';
import { nearest, quoted } from './model/text.ts';
import {
  type Better,
  logMcNemar,
  logPairedZ,
  logPWorse,
  type PairedSums,
  ratioInterval,
  wilson,
} from './outcome/paired.ts';
import { roundDerived } from './profile/numbers.ts';
import { type Draft, decideColumns } from './profile/reference.ts';
import { halfOf, judgeComparison } from './verdict/compare.ts';
import { version } from './version.ts';
import { findVersion, versionsOf } from './versions.ts';

/** A run of `compare`: a check whose two sides are two versions in one log. */
export interface CompareOptions {
  /** its current side is the log; its reference is not read */
  readonly check: CheckOptions;
  readonly champion: string;
  readonly challenger: string;
  /** the column whose value names a request; undefined: the id */
  readonly joinKey?: string;
}

/** Roles that are compared between the versions, or needed for it; the requests themselves are the same. */
const keptRoles: ReadonlySet<Role> = new Set<Role>([
  'prediction',
  'score',
  'label',
  'timestamp',
  'id',
  'model_version',
  'latency',
  'status',
]);
/** Classes that are told apart in the confusion of the two. */
const mostClasses = 20;

/**
 * Two versions of a model on one log: what they predict, on the same requests where an id tells which those are, and with labels how
 * well.
 *
 * @throws {DriftError} when there is nothing to compare: no version of that name, no prediction and no score
 */
export async function compare(options: CompareOptions): Promise<CompareReport> {
  const startedAt = new Date();
  const start = performance.now();
  // of the log as a whole: a part of its time is chosen with --where; labels are met with the pairs
  const { period: _, segments: __, importances: ___, labels: ____, ...run } = options.check;
  const log = run.current;
  if (log.paths.includes('-')) {
    throw new DriftError(
      'BAD_OPTION',
      'compare reads its log several times, which standard input does not allow; give a file',
    );
  }
  const first = await prepare(options);
  const { roles, champion, challenger, versions, paired, unpaired, notes } = first;
  const { verdict } = run;
  const report = await check({
    ...run,
    reference: log,
    current: log,
    referenceVersion: champion.name,
    modelVersion: challenger.name,
    measures: [],
    verdict: {
      ...verdict,
      // the other half is for the pairs
      alpha: halfOf(verdict),
      columns: { ...verdict.columns, ...roles },
      severity: {
        ...verdict.severity,
        // what one model's scores are worth says nothing of another's
        estimated_drop: 'off',
      },
      quality: { ...verdict.quality, 'duplicate-rows': { ...verdict.quality['duplicate-rows'], severity: 'off' } },
      // both versions ran at the same time
      noise: 'off',
      window: null,
    },
  });
  const sizes = { reference: champion.rows, current: challenger.rows };
  const judged = judgeComparison(report, paired?.metrics ?? [], sizes, verdict);
  return {
    schemaVersion: compareSchemaVersion,
    kind: 'compare',
    tool: { name: 'driftgate', version, engine: report.tool.engine },
    gate: judged.gate,
    champion: { version: champion.name, rows: champion.rows },
    challenger: { version: challenger.name, rows: challenger.rows },
    versions: {
      column: versions.column.name,
      found: versions.versions.map(({ name, rows }) => ({ version: name, rows })),
    },
    findings: judged.findings,
    differences: judged.differences,
    columns: report.columns.filter(({ role }) => role === 'prediction' || role === 'score'),
    predictions: report.predictions ?? null,
    service: report.service ?? null,
    outcomes: report.outcomes ?? null,
    paired: paired && { ...paired, metrics: judged.metrics },
    unpaired,
    method: judged.method,
    dataset: { ...first.dataset },
    config: run.config,
    notes: [...notes, ...report.notes],
    run: {
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - start),
      threads: report.run.threads,
    },
  };
}

/** What is decided and counted on the log as a whole. */
async function prepare({ check: run, champion: asked, challenger: against, joinKey }: CompareOptions) {
  const engine = new Engines(run);
  const stop = () => engine.interrupt();
  run.signal?.addEventListener('abort', stop);
  try {
    run.signal?.throwIfAborted();
    run.onProgress?.({ step: 'reading the log', fraction: 0 });
    const data = await engine.open('current', run.current, run.hash);
    const settings = run.verdict.columns;
    requireKnown(data, Object.keys(settings));
    const versions = await versionsOf(data, [], settings);
    if (versions === null) {
      throw new DriftError(
        'UNKNOWN_COLUMN',
        `no column of ${quoted(run.current.paths.join(', '), 120)} names a model; name it with --model-version-column COLUMN`,
      );
    }
    const champion = findVersion(versions, asked, '--champion');
    const challenger = findVersion(versions, against, '--challenger');
    if (champion.name === challenger.name) {
      throw new DriftError(
        'BAD_OPTION',
        `--champion and --challenger are both ${quoted(champion.name, 60)}; they take two versions`,
      );
    }
    // by the champion, as by a reference: what the challenger does wrong must not hide what a column is
    const then = await data.only(versions.column, champion.name);
    const drafts = await decideColumns(then, settings);
    if (!drafts.some(({ role }) => role === 'prediction' || role === 'score')) {
      throw new DriftError(
        'UNKNOWN_COLUMN',
        'no column of the log is known as a prediction or a score; name it with --prediction COLUMN or --score COLUMN',
      );
    }
    const key = keyOf(data, drafts, joinKey ?? run.labels?.key);
    run.onProgress?.({ step: 'pairing the requests', fraction: 0.1 });
    const now = key === null ? null : await data.only(versions.column, challenger.name);
    const paired = key === null || now === null ? null : await pairVersions(engine, then, now, key, drafts, run);
    const guessed = drafts.filter(({ role, roleReason }) => roleReason !== null && keptRoles.has(role));
    return {
      versions,
      champion,
      challenger,
      dataset: data.info,
      roles: rolesOf(drafts, settings),
      paired: paired !== null && paired.rows > 0 ? paired : null,
      unpaired:
        key === null
          ? 'no column is known as an id, so the versions were compared as two samples; --join-key COLUMN names one'
          : paired !== null && paired.rows > 0
            ? null
            : `no value of ${quoted(key.name, 40)} is a request of both versions, so they were compared as two samples`,
      notes:
        guessed.length === 0
          ? []
          : [
              `roles were guessed for ${guessed.map(({ source, role }) => `${quoted(source.name, 40)} (${role})`).join(', ')}: set "columns" in driftgate.yaml where one is wrong`,
            ],
    };
  } catch (error) {
    if (run.signal?.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
    throw error;
  } finally {
    run.signal?.removeEventListener('abort', stop);
    await engine.close();
  }
}

function requireKnown(data: Dataset, names: readonly string[]): void {
  const held = data.columns.map(({ name }) => name);
  const unknown = names.find((name) => !held.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, held);
  const hint =
    meant === undefined ? `there are ${held.length}, e.g. ${quoted(held[0] ?? '')}` : `did you mean ${quoted(meant)}?`;
  throw new DriftError('UNKNOWN_COLUMN', `no column of the log is called ${quoted(unknown)}; ${hint}`);
}

/** The roles as decided on the whole log, so that both versions have the same; what is the same for both is left out. */
function rolesOf(
  drafts: readonly Draft[],
  settings: Readonly<Record<string, ColumnSettings>>,
): Record<string, ColumnSettings> {
  const roles: Record<string, ColumnSettings> = Object.create(null);
  for (const { source, role } of drafts) {
    const said = Object.hasOwn(settings, source.name) ? settings[source.name] : undefined;
    roles[source.name] = { ...said, role: keptRoles.has(role) ? role : 'ignore' };
  }
  return roles;
}

function keyOf(data: Dataset, drafts: readonly Draft[], named: string | undefined): SourceColumn | null {
  if (named !== undefined) {
    requireKnown(data, [named]);
    return data.columns.find(({ name }) => name === named)!;
  }
  const ids = drafts.filter(({ role }) => role === 'id');
  const said = ids.find(({ roleReason }) => roleReason === null) ?? ids[0];
  return said?.source ?? null;
}

async function pairVersions(
  engine: Engine,
  then: Dataset,
  now: Dataset,
  key: SourceColumn,
  drafts: readonly Draft[],
  { verdict, labels: source, outcomes = defaultOutcomeSettings }: CheckOptions,
): Promise<Omit<PairedReport, 'metrics'> & { readonly metrics: readonly Omit<PairedMetric, 'rejected'>[] }> {
  const of = (role: Role) =>
    drafts.filter((draft) => draft.role === role && draft.error === undefined).map(({ source }) => source);
  const [prediction] = of('prediction');
  const [label] = of('label');
  const scores = of('score').filter(isNumber);
  const held = [...(prediction === undefined ? [] : [prediction]), ...scores];
  const met = await then.pair({
    key,
    other: now,
    otherKey: key,
    columns: source === undefined ? held : [...held, key],
    otherColumns: held,
    shared: source !== undefined || label === undefined ? [] : [[label, label]],
  });
  const pairs = source === undefined ? met : await withLabels(engine, met, source, label?.name ?? 'label');
  const [its] = pairs.shared;
  const predicted =
    prediction === undefined ? null : { champion: pairs.columns[0]!, challenger: pairs.otherColumns[0]! };
  const offset = prediction === undefined ? 0 : 1;
  const values = predicted !== null && isNumber(predicted.champion) && !(await isClass(pairs.data, predicted.champion));
  const alpha = halfOf(verdict);
  const labelled = its === undefined ? null : await presentRows(pairs.data, its);
  return {
    key: key.name,
    rows: pairs.data.rows,
    champion: pairs.sides[0],
    challenger: pairs.sides[1],
    prediction: prediction?.name ?? null,
    agreement:
      predicted === null
        ? null
        : values
          ? await valuesAgree(pairs.data, predicted, alpha)
          : await classesAgree(pairs.data, predicted, alpha),
    scores: await Promise.all(
      scores.map(async ({ name }, i) => ({
        column: name,
        ...(await difference(
          pairs.data,
          { champion: pairs.columns[offset + i]!, challenger: pairs.otherColumns[offset + i]! },
          alpha,
        )),
      })),
    ),
    labels: its === undefined || labelled === null || labelled === 0 ? null : { column: its.name, rows: labelled },
    metrics:
      its === undefined || !labelled ? [] : await metricsOf(pairs, its, predicted, values, offset, verdict, outcomes),
  };
}

/** The pairs with labels of a file of their own, met by the same key. */
async function withLabels(engine: Engine, met: PairedRows, source: LabelSource, name: string): Promise<PairedRows> {
  const { data, label } = await joinLabels(engine, met.data, source, { name, column: null }, null);
  const own = met.columns.length;
  return {
    ...met,
    data,
    // the last is the key
    columns: data.columns.slice(0, own - 1),
    otherColumns: data.columns.slice(own, own + met.otherColumns.length),
    shared: [label],
  };
}

/** The same column of both. */
interface Both {
  readonly champion: SourceColumn;
  readonly challenger: SourceColumn;
}

function isNumber({ family }: SourceColumn): boolean {
  return family === 'number' || family === 'integer';
}

/** A number with few whole values names classes. */
async function isClass(data: Dataset, column: SourceColumn): Promise<boolean> {
  const [table] = await data.numberTables([{ column, as: 'value' }], mostClasses);
  return (
    table !== undefined && table !== null && !(table instanceof ColumnFailure) && table.values.every(Number.isInteger)
  );
}

async function presentRows(data: Dataset, column: SourceColumn): Promise<number> {
  const [counted] = await data.countPresent([column]);
  return counted === undefined || counted instanceof ColumnFailure ? 0 : counted.present;
}

async function counts(data: Dataset, request: CrossRequest): Promise<CrossCounts> {
  const [answer] = await data.crossCounts([request]);
  if (answer === undefined || answer instanceof ColumnFailure) {
    throw new DriftError('ENGINE_FAILURE', `the pairs could not be counted: ${answer?.message ?? 'no answer'}`);
  }
  return answer;
}

async function classesAgree(data: Dataset, { champion, challenger }: Both, alpha: number): Promise<Agreement> {
  const tables = await data.categoryTables([champion, challenger], mostClasses);
  const rows = new Map<string, number>();
  for (const table of tables) {
    if (table instanceof ColumnFailure) continue;
    for (const [i, value] of table.values.entries()) rows.set(value, (rows.get(value) ?? 0) + table.counts[i]!);
  }
  const labels = [...rows]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, mostClasses)
    .map(([name]) => name);
  const same: Term = { op: 'same', columns: [champion, challenger] };
  const {
    places,
    rows: cells,
    sums,
    summed,
  } = await counts(data, {
    axes: [
      { form: 'categories', column: champion, labels },
      { form: 'categories', column: challenger, labels },
    ],
    sums: [same],
  });
  const size = labels.length + 1;
  const table = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let of = 0;
  let agreed = 0;
  for (const [i, count] of cells.entries()) {
    const row = table[Math.min(places[0]![i]!, size - 1)]!;
    const at = Math.min(places[1]![i]!, size - 1);
    row[at] = row[at]! + count;
    of += summed[0]![i]!;
    agreed += sums[0]![i]!;
  }
  const others = table.at(-1)!.some((count) => count > 0) || table.some((row) => row.at(-1)! > 0);
  const shown = others ? size : labels.length;
  return {
    form: 'classes',
    classes: [...labels, ...(others ? [null] : [])],
    counts: table.slice(0, shown).map((row) => row.slice(0, shown)),
    disagreed: of - agreed,
    of,
    interval: of === 0 ? [0, 1] : wilson(of - agreed, of, alpha),
  };
}

async function valuesAgree(data: Dataset, columns: Both, alpha: number): Promise<Agreement> {
  return { form: 'values', ...(await difference(data, columns, alpha)) };
}

const value = (column: SourceColumn): Term => ({ op: 'value', reading: { column, as: 'value' } });
const plus = (a: Term, b: Term): Term => ({ op: '+', terms: [a, b] });
const minus = (a: Term, b: Term): Term => ({ op: '-', terms: [a, b] });
const times = (a: Term, b: Term): Term => ({ op: '*', terms: [a, b] });

async function difference(data: Dataset, { champion, challenger }: Both, alpha: number): Promise<Difference> {
  const d = minus(value(challenger), value(champion));
  const { sums, summed } = await counts(data, { axes: [], sums: [d, { op: 'abs', term: d }, times(d, d)] });
  const rows = summed[0]?.[0] ?? 0;
  if (rows === 0) return { rows: 0, mean: 0, interval: [0, 0], meanAbsolute: 0, rootMeanSquare: 0 };
  const [total, absolute, squares] = sums.map((sum) => sum[0]! / rows) as [number, number, number];
  const error = Math.sqrt(Math.max(0, squares - total ** 2) / rows);
  const z = normalQuantile(1 - alpha);
  const scale = Math.sqrt(squares);
  return {
    rows,
    mean: roundDerived(total, scale),
    interval: [roundDerived(total - z * error, scale), roundDerived(total + z * error, scale)],
    meanAbsolute: roundDerived(absolute),
    rootMeanSquare: roundDerived(scale),
  };
}

// ---- with labels

async function metricsOf(
  { data, columns, otherColumns }: PairedRows,
  label: SourceColumn,
  predicted: Both | null,
  values: boolean,
  offset: number,
  verdict: VerdictSettings,
  { drop, positive: wanted }: OutcomeSettings,
): Promise<Omit<PairedMetric, 'rejected'>[]> {
  const metrics: Omit<PairedMetric, 'rejected'>[] = [];
  const add = async (id: PairedMetricId, terms: readonly [Term, Term], better: Better, power: 1 | 2) => {
    const sums = await pairedSums(data, terms);
    if (sums !== null) metrics.push(pairedMetric(id, sums, better, power, halfOf(verdict), drop));
  };
  if (predicted !== null && values) {
    if (!isNumber(label)) return [];
    const [then, now] = [predicted.champion, predicted.challenger].map((column) =>
      minus(value(column), value(label)),
    ) as [Term, Term];
    await add('root-mean-squared-error', [times(then, then), times(now, now)], 'lower', 2);
    await add(
      'mean-absolute-error',
      [
        { op: 'abs', term: then },
        { op: 'abs', term: now },
      ],
      'lower',
      1,
    );
    return metrics;
  }
  if (predicted !== null)
    await add('accuracy', [right(predicted.champion, label), right(predicted.challenger, label)], 'higher', 1);
  const probabilities = [columns.slice(offset), otherColumns.slice(offset)];
  const positive =
    probabilities[0]!.length === 1
      ? (wanted ?? (await positiveLabel(data, label, probabilities[0]![0]!, predicted, verdict)))
      : null;
  if (positive !== null) {
    const losses = probabilities.map(([score]) => {
      const error = minus(value(score!), is(label, positive));
      return times(error, error);
    }) as [Term, Term];
    await add('brier-score', losses, 'lower', 1);
  }
  return metrics;
}

/** 1 where the prediction is the label; 1 and 1.0 are one class. */
function right(prediction: SourceColumn, label: SourceColumn): Term {
  if (!isNumber(prediction) || !isNumber(label)) return { op: 'same', columns: [prediction, label] };
  return near(minus(value(prediction), value(label)));
}

function is(label: SourceColumn, wanted: string): Term {
  return isNumber(label) ? near(minus(value(label), Number(wanted))) : { op: 'is', column: label, label: wanted };
}

/** 1 where a difference of whole numbers is 0, else 0. */
function near(difference: Term): Term {
  return { op: 'greatest', terms: [0, minus(1, { op: 'abs', term: difference })] };
}

/**
 * The label that a single score is the probability of: as said, else the one of two whose rows the champion scores higher, where it
 * also predicts it there. Null when the score is no probability of one of two classes.
 */
async function positiveLabel(
  data: Dataset,
  label: SourceColumn,
  score: SourceColumn,
  predicted: Both | null,
  { columns, predictions }: VerdictSettings,
): Promise<string | null> {
  const said = Object.hasOwn(columns, score.name) ? columns[score.name]?.class : undefined;
  if (said !== undefined) return said;
  const [range] = await data.countNumbers([{ column: score, as: 'value' }]);
  const [table] = await data.categoryTables([label], 3);
  if (range === undefined || range instanceof ColumnFailure || table === undefined || table instanceof ColumnFailure)
    return null;
  if (predictions.score === 'confidence' || !(range.min >= 0 && range.max <= 1) || table.values.length !== 2)
    return null;
  // by what is predicted, which a bad model also follows; by the labels where nothing is
  const by = predicted?.champion ?? label;
  const { places, sums, summed } = await counts(data, {
    axes: [{ form: 'categories', column: by, labels: table.values }],
    sums: [value(score)],
  });
  const means = table.values.map((_, i) => {
    const at = places[0]!.indexOf(i);
    return at < 0 || summed[0]![at] === 0 ? null : sums[0]![at]! / summed[0]![at]!;
  });
  const [a, b] = means as [number | null, number | null];
  if (a === null || b === null || a === b) return null;
  return table.values[a > b ? 0 : 1]!;
}

async function pairedSums(data: Dataset, [u, v]: readonly [Term, Term]): Promise<PairedSums | null> {
  // a pair counts where both are numbers: nothing times what is none is none
  const [a, b]: readonly [Term, Term] = [plus(u, times(0, v)), plus(v, times(0, u))];
  const { sums, summed } = await counts(data, { axes: [], sums: [a, b, times(a, a), times(b, b), times(a, b)] });
  const rows = summed[0]?.[0] ?? 0;
  if (rows === 0) return null;
  const [champion, challenger, championSquares, challengerSquares, products] = sums.map((sum) =>
    roundDerived(sum[0]!),
  ) as [number, number, number, number, number];
  return { rows, champion, challenger, championSquares, challengerSquares, products };
}

/** @param power 2 for the root of a mean of squares, whose sums are of the squares */
function pairedMetric(
  id: PairedMetricId,
  sums: PairedSums,
  better: Better,
  power: 1 | 2,
  alpha: number,
  drop: OutcomeSettings['drop'],
): Omit<PairedMetric, 'rejected'> {
  const shown = (sum: number) => roundDerived((sum / sums.rows) ** (1 / power));
  const [champion, challenger] = [shown(sums.champion), shown(sums.challenger)];
  const sign = better === 'higher' ? -1 : 1;
  const worsening = (ratio: number) => roundDerived(sign * (Math.max(0, ratio) ** (1 / power) - 1), 1) + 0;
  const bounds = ratioInterval(sums, alpha)
    ?.map(worsening)
    .sort((a, b) => a - b);
  const logP = (tolerated: number) => logPWorse(sums, (1 + sign * tolerated) ** power, better);
  return {
    id,
    rows: sums.rows,
    champion,
    challenger,
    worse: sums.champion > 0 ? worsening(sums.challenger / sums.champion) : null,
    interval: bounds === undefined ? null : [bounds[0]!, bounds[1]!],
    logPNoDifference:
      id === 'accuracy' ? logMcNemar(sums.champion - sums.products, sums.challenger - sums.products) : logPairedZ(sums),
    tolerated: drop,
    logPWarn: logP(drop.warn),
    logPFail: logP(drop.fail),
  };
}
