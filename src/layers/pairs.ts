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
import type { Agreement, Difference, PairedMetricId } from '../model/compare.ts';
import { defaultOutcomeSettings, type OutcomeSettings } from '../model/outcomes.ts';
import type { Role } from '../model/profile.ts';
import type { CheckOptions, LabelSource } from '../model/run.ts';
import type { VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import { SMALLEST_PROBABILITY } from '../outcome/losses.ts';
import {
  type Better,
  differenceInterval,
  logDeLong,
  logMcNemar,
  logPairedT,
  logPWorse,
  type PairedMeans,
  type PairedSums,
  pairedAreas,
  pairedMeans,
  ratioInterval,
  wilson,
} from '../outcome/paired.ts';
import { roundDerived } from '../profile/numbers.ts';
import type { Draft } from '../profile/reference.ts';
import { halfOf, type MeasuredMetric, type MeasuredPairs } from '../verdict/compare.ts';
import { number } from '../verdict/numerals.ts';
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
): Promise<{ readonly measured: MeasuredPairs; readonly notes: readonly string[] }> {
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
  const joined = source === undefined ? met : await withLabels(engine, met, source, label?.name ?? 'label');
  // a dozen questions are asked of them; where there is no room to keep them, or a column fails, each is asked of the rows themselves
  const kept = await joined.data.kept().catch(() => null);
  const data = kept ?? joined.data;
  try {
    const { notes, ...measured } = await measurePairs(
      { ...joined, data },
      prediction !== undefined,
      scores,
      verdict,
      outcomes,
    );
    const sides = { champion: met.sides[0], challenger: met.sides[1] };
    return {
      measured: { key: key.name, rows: data.rows, ...sides, prediction: prediction?.name ?? null, ...measured },
      notes,
    };
  } finally {
    await kept?.close();
    await joined.data.close();
  }
}

async function measurePairs(
  pairs: PairedRows,
  hasPrediction: boolean,
  scores: readonly SourceColumn[],
  verdict: VerdictSettings,
  outcomes: OutcomeSettings,
): Promise<Pick<MeasuredPairs, 'agreement' | 'scores' | 'labels'> & Metrics> {
  const { data } = pairs;
  const [its] = pairs.shared;
  const predicted = hasPrediction ? { champion: pairs.columns[0]!, challenger: pairs.otherColumns[0]! } : null;
  const offset = hasPrediction ? 1 : 0;
  const scored = scores.map(
    (_, i): Both => ({ champion: pairs.columns[offset + i]!, challenger: pairs.otherColumns[offset + i]! }),
  );
  const values = predicted !== null && isNumber(predicted.champion) && !(await isClass(data, predicted.champion));
  // whether a text is long is known from here on: long ones are told apart by a digest
  await data.countCategories([predicted?.champion, predicted?.challenger, its].filter(isText), false);
  const alpha = halfOf(verdict);
  const labelled = its === undefined ? 0 : await presentRows(data, its);
  return {
    agreement:
      predicted === null
        ? null
        : values
          ? await valuesAgree(data, predicted, alpha)
          : await classesAgree(data, predicted, alpha),
    scores: await Promise.all(
      scored.map(async (both, i) => ({ column: scores[i]!.name, ...(await difference(data, both, alpha)) })),
    ),
    labels: its === undefined || labelled === 0 ? null : { column: its.name, rows: labelled },
    ...(its === undefined || labelled === 0
      ? { metrics: [], untold: [], notes: [] }
      : values
        ? await metricsOfValues(data, its, predicted, verdict, outcomes)
        : await metricsOfClasses(data, its, predicted, scored, verdict, outcomes)),
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

function isText(column: SourceColumn | undefined): column is SourceColumn {
  return column?.family === 'string';
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

type Metrics = Pick<MeasuredPairs, 'metrics' | 'untold'> & { readonly notes: readonly string[] };

async function metricsOfValues(
  data: Dataset,
  label: SourceColumn,
  predicted: Both,
  verdict: VerdictSettings,
  { drop }: OutcomeSettings,
): Promise<Metrics> {
  const without = (reason: string): Metrics => {
    const ids: readonly PairedMetricId[] = ['root-mean-squared-error', 'mean-absolute-error'];
    return { metrics: [], untold: ids.map((id) => ({ id, reason })), notes: [] };
  };
  if (!isNumber(label))
    return without(`the predictions are numbers, and the labels of ${quoted(label.name, 40)} are not`);
  const [then, now] = [predicted.champion, predicted.challenger].map((column) =>
    minus(value(column), value(label)),
  ) as [Term, Term];
  const squared = await pairedSums(data, [times(then, then), times(now, now)]);
  const absolute = await pairedSums(data, [
    { op: 'abs', term: then },
    { op: 'abs', term: now },
  ]);
  if (squared === null || absolute === null) return without('no pair has a label and both predictions');
  const metric = (id: PairedMetricId, sums: PairedSums, power: 1 | 2) =>
    pairedMetric(id, pairedMeans(sums), { better: 'lower', power, test: logPairedT }, verdict, drop);
  return {
    metrics: [metric('root-mean-squared-error', squared, 2), metric('mean-absolute-error', absolute, 1)],
    untold: [],
    notes: [],
  };
}

async function metricsOfClasses(
  data: Dataset,
  label: SourceColumn,
  predicted: Both | null,
  scores: readonly Both[],
  verdict: VerdictSettings,
  { drop, positive: wanted }: OutcomeSettings,
): Promise<Metrics> {
  const metrics: MeasuredMetric[] = [];
  const untold: { id: PairedMetricId; reason: string }[] = [];
  const notes: string[] = [];
  const without = (reason: string, ...ids: readonly PairedMetricId[]) =>
    untold.push(...ids.map((id) => ({ id, reason })));
  if (predicted !== null) {
    const sums = await pairedSums(data, [right(predicted.champion, label), right(predicted.challenger, label)]);
    if (sums === null) without('no pair has a label and both predictions', 'accuracy');
    else {
      const test = () => logMcNemar(sums.champion - sums.products, sums.challenger - sums.products);
      metrics.push(pairedMetric('accuracy', pairedMeans(sums), { better: 'higher', power: 1, test }, verdict, drop));
    }
  }
  const [score] = scores;
  const ofScores: readonly PairedMetricId[] = ['roc-auc', 'log-loss', 'brier-score'];
  if (score === undefined) return { metrics, untold, notes };
  if (scores.length > 1) {
    without(`it is told of one score of one class, and the log has ${scores.length}`, ...ofScores);
    return { metrics, untold, notes };
  }
  const found = await positiveLabel(data, label, score.champion, predicted, wanted, verdict);
  if (typeof found !== 'string') {
    without(found.reason, ...ofScores);
    return { metrics, untold, notes };
  }
  const areas = await areasUnderCurves(data, label, score, found);
  if ('reason' in areas) without(areas.reason, 'roc-auc');
  else {
    metrics.push(pairedMetric('roc-auc', areas.means, { better: 'higher', power: 1, test: logDeLong }, verdict, drop));
    notes.push(...areas.notes);
  }
  const ranges = await data.countNumbers([score.champion, score.challenger].map((column) => ({ column, as: 'value' })));
  const beyond = ranges.map((range) =>
    // without a single number there is none beyond either
    range instanceof ColumnFailure || !(range.min < 0 || range.max > 1) ? null : range.min < 0 ? range.min : range.max,
  );
  const impossible = (side: 'champion' | 'challenger', found: number) =>
    `${quoted(score.champion.name, 40)} of the ${side} is no probability: it reaches ${number(found)}`;
  const [ofChampion, ofChallenger] = beyond as [number | null, number | null];
  if (ofChampion !== null) {
    without(impossible('champion', ofChampion), 'log-loss', 'brier-score');
    return { metrics, untold, notes };
  }
  const add = async (id: PairedMetricId, loss: (score: SourceColumn) => Term) => {
    const sums = await pairedSums(data, [loss(score.champion), loss(score.challenger)]);
    if (sums === null) without('no pair has a label and both scores', id);
    else
      metrics.push(pairedMetric(id, pairedMeans(sums), { better: 'lower', power: 1, test: logPairedT }, verdict, drop));
  };
  const label1 = is(label, found);
  if (ofChallenger === null) await add('log-loss', (column) => logLossTerm(value(column), label1));
  else without(impossible('challenger', ofChallenger), 'log-loss');
  // a squared distance is one of any number
  await add('brier-score', (column) => {
    const error = minus(value(column), label1);
    return times(error, error);
  });
  return { metrics, untold, notes };
}

/** −ln of the probability of what happened, clipped as scikit-learn does. */
function logLossTerm(probability: Term, happened: Term): Term {
  const ofTruth: Term = { op: 'abs', term: minus(minus(1, happened), probability) };
  const clipped: Term = {
    op: 'least',
    terms: [{ op: 'greatest', terms: [ofTruth, SMALLEST_PROBABILITY] }, 1 - SMALLEST_PROBABILITY],
  };
  return minus(0, { op: 'ln', term: clipped });
}

/** More labelled pairs than this are ranked by cells of the scores: every distinct score of both would have to be held. */
const mostRanked = 2_000_000;

async function areasUnderCurves(
  data: Dataset,
  label: SourceColumn,
  { champion, challenger }: Both,
  positive: string,
): Promise<{ readonly means: PairedMeans; readonly notes: readonly string[] } | { readonly reason: string }> {
  const merged = data.rows > mostRanked;
  const read = data.derive([
    { name: 'champion', derivation: { as: 'number', reading: { column: champion, as: 'value' } } },
    { name: 'challenger', derivation: { as: 'number', reading: { column: challenger, as: 'value' } } },
    { name: 'label', derivation: { as: 'class', column: label } },
  ]);
  const [first, second, named] = read.columns as [SourceColumn, SourceColumn, SourceColumn];
  const texts = [isNumber(label) ? String(Number(positive)) : positive];
  const ranked = read.derive([
    { name: 'champion', derivation: { as: 'itself', column: first } },
    { name: 'challenger', derivation: { as: 'itself', column: second } },
    { name: 'positive', derivation: { as: 'among', column: named, texts } },
  ]);
  const [u, v, y] = ranked.columns as [SourceColumn, SourceColumn, SourceColumn];
  const found = await ranked.pairedRankings({ scores: [u, v], positive: y, merged });
  if (found instanceof ColumnFailure) return { reason: found.message };
  const { positives, negatives } = found;
  const means = pairedAreas(positives, negatives);
  if (means !== null) {
    const off = Math.max(...positives.tied) / (2 * positives.rows * negatives.rows);
    const note = `ROC-AUC of so many pairs counts scores whose odds differ by less than 0.01 % as equal, which moves it by ${number(off)} at most`;
    return { means, notes: merged ? [note] : [] };
  }
  const few = positives.rows < 2 ? positives.rows : negatives.rows;
  const which = positives.rows < 2 ? `the label ${quoted(positive, 40)}` : `another label than ${quoted(positive, 40)}`;
  return {
    reason: `two rows of each class are needed, and ${few === 0 ? 'no pair' : 'one pair'} with both scores has ${which}`,
  };
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
 * The label that a single score is about: as said, else the one of two whose rows the champion scores higher, where it also predicts it
 * there; or why there is none.
 */
async function positiveLabel(
  data: Dataset,
  label: SourceColumn,
  score: SourceColumn,
  predicted: Both | null,
  wanted: string | undefined,
  { columns, predictions }: VerdictSettings,
): Promise<string | { readonly reason: string }> {
  const said = wanted ?? (Object.hasOwn(columns, score.name) ? columns[score.name]?.class : undefined);
  if (said !== undefined) return said;
  const name = quoted(score.name, 40);
  if (predictions.score === 'confidence')
    return { reason: `${name} is the confidence in whatever was predicted, and not of one class` };
  const [table] = await data.categoryTables([label], 3);
  if (table === undefined || table instanceof ColumnFailure) return { reason: table?.message ?? 'there are no labels' };
  if (table.values.length === 1)
    return { reason: `every label is ${quoted(table.values[0]!, 40)}; two classes are needed` };
  if (table.values.length > 2 || !table.complete)
    return {
      reason: `the labels are of more than two classes, and nothing says of which ${name} is; outcomes.positive does`,
    };
  // by what is predicted, which a bad model also follows; by the labels where nothing is
  const by = predicted?.champion ?? label;
  const counted = await counts(data, {
    axes: [{ form: 'categories', column: by, labels: table.values }],
    sums: [value(score)],
  });
  const unclear = { reason: `nothing tells of which class ${name} is; outcomes.positive does` };
  if (counted === null) return unclear;
  const { places, sums, summed } = counted;
  const means = table.values.map((_, i) => {
    const at = places[0]!.indexOf(i);
    return at < 0 || summed[0]![at] === 0 ? null : sums[0]![at]! / summed[0]![at]!;
  });
  const [a, b] = means as [number | null, number | null];
  if (a === null || b === null || a === b) return unclear;
  return table.values[a > b ? 0 : 1]!;
}

async function pairedSums(data: Dataset, [u, v]: readonly [Term, Term]): Promise<PairedSums | null> {
  // a pair counts where both are numbers: nothing times what is none is none
  const [a, b]: readonly [Term, Term] = [plus(u, times(0, v)), plus(v, times(0, u))];
  const difference = minus(b, a);
  const counted = await counts(data, {
    axes: [],
    sums: [a, b, times(a, a), times(b, b), times(a, b), difference, times(difference, difference)],
  });
  const rows = counted?.summed[0]?.[0] ?? 0;
  if (counted === null || rows === 0) return null;
  const [champion, challenger, championSquares, challengerSquares, products, less, lessSquares] = counted.sums.map(
    (sum) => sum[0]!,
  ) as [number, number, number, number, number, number, number];
  return {
    rows,
    champion,
    challenger,
    championSquares,
    challengerSquares,
    products,
    difference: less,
    differenceSquares: lessSquares,
  };
}

interface MetricKind {
  readonly better: Better;
  /** 2 for the root of a mean of squares, whose means are of the squares */
  readonly power: 1 | 2;
  /** logarithm of the p-value of "no difference" */
  readonly test: (means: PairedMeans) => number;
}

/** As it is reported: rounded only here, so that small differences keep their digits. */
function pairedMetric(
  id: PairedMetricId,
  means: PairedMeans,
  { better, power, test }: MetricKind,
  verdict: VerdictSettings,
  drop: OutcomeSettings['drop'],
): MeasuredMetric {
  const alpha = halfOf(verdict);
  const root = (mean: number) => mean ** (1 / power);
  const [champion, challenger] = [root(means.champion), root(means.challenger)];
  const size = Math.max(Math.abs(champion), Math.abs(challenger));
  const sign = better === 'higher' ? -1 : 1;
  const worsening = (ratio: number) => roundDerived(sign * (root(Math.max(0, ratio)) - 1), 1) + 0;
  const bounds = ratioInterval(means, alpha)
    ?.map(worsening)
    .sort((a, b) => a - b);
  const { difference, interval } = differenceInterval(means, alpha, power);
  const logP = (tolerated: number) => logPWorse(means, (1 + sign * tolerated) ** power, better);
  return {
    id,
    rows: means.rows,
    champion: roundDerived(champion),
    challenger: roundDerived(challenger),
    difference: roundDerived(difference, size) + 0,
    differenceInterval: interval && [roundDerived(interval[0], size), roundDerived(interval[1], size)],
    worse: means.champion > 0 ? worsening(means.challenger / means.champion) : null,
    interval: bounds === undefined ? null : [bounds[0]!, bounds[1]!],
    logPNoDifference: roundDerived(test(means)),
    tolerated: drop,
    logPWarn: roundDerived(logP(drop.warn)),
    logPFail: roundDerived(logP(drop.fail)),
  };
}
