import type { Axis, Dataset, GroupedRequest } from '../engine/engine.ts';
import { DriftError } from '../model/errors.ts';
import type { ExplainedPrediction, ExplainingColumn, ImportantColumn } from '../model/ranking.ts';
import type { Report } from '../model/report.ts';
import type { CheckOptions } from '../model/run.ts';
import { nearest, quoted } from '../model/text.ts';
import type { Verdict } from '../model/verdict.ts';
import { mostExplained, reweight } from '../outcome/reweighting.ts';
import {
  cellsIn,
  countsByGroup,
  foldInto,
  type GateColumn,
  type GateCounts,
  gateColumnOf,
  gateCountsOf,
  requestOn,
  sumOfCounts,
  tracedCells,
} from '../profile/gate-cells.ts';
import type { ReferenceColumn } from '../profile/side.ts';
import type { Rejected } from '../verdict/family.ts';
import type { Layer } from '../verdict/layers.ts';
import { explanation, isMovedPrediction, leastExplained, movedBy } from '../verdict/ranking.ts';
import type { ColumnPair, LayerRun, OpenLayer } from './layer.ts';

/** Columns that a prediction is re-weighted by, those that drifted most: as many as one scan of the log counts at once. */
const mostColumns = 40;
/** Predictions that are explained, those that drifted most; each costs a scan. */
const mostPredictions = 5;

/** Which columns matter. Without importances and without a prediction there is nothing to rank by. */
export const openRanking: OpenLayer = async (_data, columns, options) => {
  const { importances = {} } = options;
  const names = columns.map(({ source }) => source.name);
  const unknown = Object.keys(importances).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const guess = nearest(unknown, names);
    const hint = guess === undefined ? 'it takes names of columns' : `did you mean ${quoted(guess)}?`;
    throw new DriftError(
      'UNKNOWN_COLUMN',
      `importance is given for ${quoted(unknown)}, and the reference has no such column; ${hint}`,
    );
  }
  const predicted = columns.some(({ role }) => role === 'prediction' || role === 'score');
  if (!predicted && Object.keys(importances).length === 0) return null;
  return new RankingRun(predicted ? columns.flatMap(countedColumn) : [], options);
};

/** A reference column's cells with its counts, kept when its tables are let go. */
interface CountedColumn {
  readonly column: GateColumn;
  readonly counts: GateCounts;
}

function countedColumn(reference: ReferenceColumn): CountedColumn[] {
  const column = gateColumnOf(reference);
  const { counts, profile } = reference;
  if (column === null || counts === null || profile === null) return [];
  const missing = { null: profile.nulls + profile.castFailures, nan: profile.nan };
  const counted = gateCountsOf(column, counts, profile, missing);
  return counted === null ? [] : [{ column, counts: counted }];
}

class RankingRun implements LayerRun {
  readonly #columns: ReadonlyMap<string, CountedColumn>;
  readonly #options: CheckOptions;
  readonly #predictions: ExplainedPrediction[] = [];
  #drift: ReadonlyMap<string, number | null> = new Map();

  constructor(columns: readonly CountedColumn[], options: CheckOptions) {
    this.#columns = new Map(columns.map((counted) => [counted.column.name, counted]));
    this.#options = options;
  }

  async current(data: Dataset, pairs: readonly ColumnPair[]): Promise<void> {
    this.#drift = new Map(pairs.map(({ evidence }) => [evidence.name, movedBy(evidence)]));
    const moved = pairs.filter(
      ({ evidence, current }) =>
        current && this.#columns.has(evidence.name) && isMovedPrediction(evidence, this.#options.verdict),
    );
    if (moved.length === 0) return;
    const least = Math.min(...moved.map(({ evidence }) => movedBy(evidence)!));
    const inputs = pairs.filter(
      ({ evidence: { role, name } }) => isInput(role) && typeof this.#drift.get(name) === 'number',
    );
    const able = inputs
      .filter(({ evidence }) => mostExplained(movedBy(evidence)!, least) >= leastExplained)
      .filter(({ current, evidence }) => current && this.#columns.has(evidence.name))
      .sort((a, b) => movedBy(b.evidence)! - movedBy(a.evidence)!)
      .slice(0, mostColumns);
    for (const prediction of moved
      .sort((a, b) => movedBy(b.evidence)! - movedBy(a.evidence)!)
      .slice(0, mostPredictions)) {
      const { evidence } = prediction;
      const phiSquared = movedBy(evidence)!;
      const columns = (await this.#explain(data, prediction, able)).sort((a, b) => b.explained - a.explained);
      this.#predictions.push({
        column: evidence.name,
        role: evidence.role,
        phiSquared,
        columns,
        left: inputs.length - columns.length,
        sentence: explanation(evidence, phiSquared, columns),
      });
    }
  }

  /** All columns at once: one scan of the log, by the prediction's cells. */
  async #explain(data: Dataset, pair: ColumnPair, inputs: readonly ColumnPair[]): Promise<ExplainingColumn[]> {
    const prediction = withoutNan(this.#columns.get(pair.evidence.name)!);
    const axis = axisOf(requestOn(prediction.column, pair.current!.source));
    const asked = inputs.map(({ evidence: { name }, current }) => {
      const counted = this.#columns.get(name)!;
      return { ...counted, request: requestOn(counted.column, current!.source) };
    });
    const { rows, answers } = await data.groupedCells(
      asked.map(({ request }) => request),
      { form: 'axes', axes: [axis] },
    );
    const places = placesOf(prediction, axis, rows);
    const then = foldInto(places.sources, prediction.counts);
    return asked.flatMap(({ column, counts }, i) => {
      const byPlace = countsByGroup(column, answers[i]!, rows);
      if (byPlace === null) return [];
      const cells = cellsIn(column);
      const { sources } = tracedCells(column, counts, sumOfCounts(byPlace, cells));
      const joint = places.groups.map((own) =>
        foldInto(
          sources,
          sumOfCounts(
            own.map((place) => byPlace[place]!),
            cells,
          ),
        ),
      );
      const found = reweight({
        reference: foldInto(sources, counts),
        current: sources.map((_, b) => Float64Array.from(joint, (counts) => counts[b]!)),
        prediction: then,
      });
      if (found === null) return [];
      const { reweighted, explained, uncovered, effectiveRows } = found;
      return {
        column: column.name,
        phiSquared: this.#drift.get(column.name)!,
        reweighted: digits(reweighted),
        explained: digits(explained),
        uncovered: digits(uncovered),
        effectiveRows: Math.round(effectiveRows),
      };
    });
  }

  ask(): Layer {
    return { questions: [], facts: [] };
  }

  report(_rejected: readonly Rejected[], verdict: Verdict): Pick<Report, 'ranking'> {
    const importance = byImportance(this.#options.importances ?? {}, this.#drift, verdict);
    if (importance.length === 0 && this.#predictions.length === 0) return {};
    return { ranking: { importance, predictions: this.#predictions } };
  }
}

function isInput(role: ColumnPair['evidence']['role']): boolean {
  return role === 'feature' || role === 'segment';
}

/** An axis has one place for all that is no value. */
function withoutNan({ column, counts }: CountedColumn): CountedColumn {
  return { column, counts: { ...counts, null: counts.null + counts.nan, nan: 0 } };
}

function axisOf(request: GroupedRequest): Extract<Axis, { form: 'numbers' | 'categories' }> {
  return request;
}

/** The prediction's tested cells, as what they are made of and as places on its axis. */
function placesOf({ column, counts }: CountedColumn, axis: ReturnType<typeof axisOf>, rows: Float64Array) {
  // the cells, then the other values of categories, then no value
  const cells = cellsIn(column);
  const last = rows.length - 1;
  const other = axis.form === 'categories' ? rows[cells]! : 0;
  const { sources } = tracedCells(column, counts, { cells: rows.slice(0, cells), other, null: rows[last]!, nan: 0 });
  const placeOf = { other: cells, null: last, nan: last };
  const groups = sources.map((parts) => [
    ...new Set(parts.map((part) => (typeof part === 'number' ? part : placeOf[part]))),
  ]);
  return { sources, groups };
}

function byImportance(
  importances: Readonly<Record<string, number>>,
  drift: ReadonlyMap<string, number | null>,
  { columns }: Verdict,
): ImportantColumn[] {
  const outcomes = new Map(columns.map(({ name, outcome }) => [name, outcome]));
  const ranked = Object.entries(importances).map(([column, importance]) => {
    const phiSquared = drift.get(column) ?? null;
    return { column, importance, phiSquared, weight: phiSquared === null ? null : digits(importance * phiSquared) };
  });
  const sum = ranked.reduce((total, { weight }) => total + (weight ?? 0), 0);
  return ranked
    .map((entry) => ({
      ...entry,
      share: entry.weight === null || !(sum > 0) ? null : digits(entry.weight / sum),
      outcome: outcomes.get(entry.column) ?? 'not-tested',
    }))
    .sort(
      (a, b) => (b.weight ?? -1) - (a.weight ?? -1) || b.importance - a.importance || (a.column < b.column ? -1 : 1),
    );
}

/** Six digits: no digit beyond is known. */
function digits(value: number): number {
  return Number(value.toPrecision(6)) + 0;
}
