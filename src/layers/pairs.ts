import {
  ColumnFailure,
  type CrossCounts,
  type CrossRequest,
  type Dataset,
  type Engine,
  type PairedRows,
  type Term,
} from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import { normalQuantile } from '../math/normal.ts';
import type { Agreement, Difference, PairedMetric, PairedMetricId, PairedReport } from '../model/compare.ts';
import { defaultOutcomeSettings, type OutcomeSettings } from '../model/outcomes.ts';
import type { Role } from '../model/profile.ts';
import type { CheckOptions, LabelSource } from '../model/run.ts';
import type { VerdictSettings } from '../model/settings.ts';
import {
  type Better,
  logMcNemar,
  logPairedZ,
  logPWorse,
  type PairedSums,
  ratioInterval,
  wilson,
} from '../outcome/paired.ts';
import { roundDerived } from '../profile/numbers.ts';
import type { Draft } from '../profile/reference.ts';
import { halfOf } from '../verdict/compare.ts';
import { joinLabels } from './outcomes/labels.ts';

/** Classes that are told apart in the confusion of the two. */
const mostClasses = 20;

/**
 * The requests that both versions answered: how far the two agree on them, and with labels how well each does. From counts and sums
 * over the pairs.
 */
export async function pairVersions(
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

/** Null where a column fails: what is asked of the others stands. */
async function counts(data: Dataset, request: CrossRequest): Promise<CrossCounts | null> {
  const [answer] = await data.crossCounts([request]);
  return answer === undefined || answer instanceof ColumnFailure ? null : answer;
}

async function classesAgree(data: Dataset, { champion, challenger }: Both, alpha: number): Promise<Agreement | null> {
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
  const counted = await counts(data, {
    axes: [
      { form: 'categories', column: champion, labels },
      { form: 'categories', column: challenger, labels },
    ],
    sums: [same],
  });
  if (counted === null) return null;
  const { places, rows: cells, sums, summed } = counted;
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
  const counted = await counts(data, { axes: [], sums: [d, { op: 'abs', term: d }, times(d, d)] });
  const rows = counted?.summed[0]?.[0] ?? 0;
  if (counted === null || rows === 0) return { rows: 0, mean: 0, interval: [0, 0], meanAbsolute: 0, rootMeanSquare: 0 };
  const [total, absolute, squares] = counted.sums.map((sum) => sum[0]! / rows) as [number, number, number];
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
  const counted = await counts(data, {
    axes: [{ form: 'categories', column: by, labels: table.values }],
    sums: [value(score)],
  });
  if (counted === null) return null;
  const { places, sums, summed } = counted;
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
  const counted = await counts(data, { axes: [], sums: [a, b, times(a, a), times(b, b), times(a, b)] });
  const rows = counted?.summed[0]?.[0] ?? 0;
  if (counted === null || rows === 0) return null;
  const [champion, challenger, championSquares, challengerSquares, products] = counted.sums.map((sum) =>
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
