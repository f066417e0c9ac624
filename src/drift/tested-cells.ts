import { nextUp } from '../math/floats.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { PairedCounts } from './samples.ts';

/**
 * The cells of the verdict, from counts over the reference's own edges.
 *
 * Which cells there are depends on the reference's counts and on the two sizes only, never on where the current rows fell; a cell
 * that is empty on both sides is left out.
 */

/** A cell in which the smaller side can expect fewer rows than this is rare. */
const RARE_BELOW = 5;
/** Reference categories that are cells of their own. */
const MOST_CATEGORIES = 100;

/**
 * Where tails may be cut, as fractions of the reference's ordinary values at either end. A fixed ladder, so that a saved profile
 * has the edges ready whatever the size of a later batch.
 */
export const tailLadder = [0.005, 0.01, 0.02, 0.05] as const;
export type TailFraction = (typeof tailLadder)[number];

/** The ladder's smallest fraction that leaves five rows of the smaller side in the tail; undefined when there is none. */
export function tailFraction(n: number, m: number): TailFraction | undefined {
  const needed = RARE_BELOW / Math.min(n, m);
  return tailLadder.find((fraction) => fraction >= needed);
}

/** One edge between gate cells, and every reason why it is there. */
export interface GateEdge {
  readonly at: number;
  /** one of the nine deciles of the ordinary values */
  readonly decile: boolean;
  /** tail fractions whose lower or upper edge this is */
  readonly tails: readonly TailFraction[];
}

/**
 * Counts of one numeric column over the gate's edges: cell i holds the values x with exactly i edges ≤ x, −∞ and +∞ in the end
 * cells, null and NaN in none. An atom v, a value that holds 1/20 or more of the reference, is the cell [v, nextUp(v)): both ends
 * are edges. The remaining, ordinary values are cut at their deciles and at the tail ladder.
 */
export interface NumericGateCells {
  /** strictly ascending */
  readonly edges: readonly GateEdge[];
  /** strictly ascending */
  readonly atoms: readonly number[];
  /** length edges + 1 */
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/** Where the rows of a tested cell come from: a gate cell by its index, the rows without a value, or categories without a label. */
export type CellSource = number | 'other' | 'null' | 'nan';

/** Tested cells with where each comes from, so that further counts of the same side can be put into the same cells. */
export interface TracedCells {
  readonly cells: TestedCells;
  /** by tested cell */
  readonly sources: readonly (readonly CellSource[])[];
  /** by main cell */
  readonly mainSources: readonly (readonly CellSource[])[];
}

/** Rows without a value: nulls (cast failures among them) and NaN. */
export interface MissingRows {
  readonly null: number;
  readonly nan: number;
}

/** Counts of one categorical column over the reference's categories. */
export interface CategoryGateCells {
  /** the reference's categories in descending count; those after the hundredth join OTHER */
  readonly labels: readonly string[];
  readonly reference: Float64Array;
  readonly current: Float64Array;
  /** rows of reference categories that have no label of their own */
  readonly otherReference: number;
  readonly otherCurrent: number;
  /** current rows of categories that the reference never had */
  readonly unseenCurrent: number;
}

export interface BothMissing {
  readonly reference: MissingRows;
  readonly current: MissingRows;
}

/**
 * The edges to count over, from what was read off the reference: its atoms, and of its ordinary values the order statistics at
 * the nine deciles and at both ends of each ladder fraction. Equal edges become one that keeps all its reasons.
 */
export function gateEdges(cuts: {
  readonly atoms: readonly number[];
  readonly deciles: readonly number[];
  readonly tails: readonly { readonly fraction: TailFraction; readonly lower: number; readonly upper: number }[];
}): GateEdge[] {
  const reasons = new Map<number, { decile: boolean; tails: Set<TailFraction> }>();
  const edge = (at: number) => {
    // −0 and 0 are one value
    const key = at === 0 ? 0 : at;
    const known = reasons.get(key) ?? { decile: false, tails: new Set() };
    reasons.set(key, known);
    return known;
  };
  for (const atom of cuts.atoms) {
    edge(atom);
    edge(nextUp(atom));
  }
  for (const decile of cuts.deciles) edge(decile).decile = true;
  for (const { fraction, lower, upper } of cuts.tails) {
    edge(lower).tails.add(fraction);
    edge(upper).tails.add(fraction);
  }
  return [...reasons]
    .sort(([a], [b]) => a - b)
    .map(([at, { decile, tails }]) => ({ at, decile, tails: [...tails].sort((a, b) => a - b) }));
}

/**
 * The tested cells of a numeric or datetime column.
 *
 * @param format how a boundary is shown to people, e.g. as a date
 */
export function testedNumericCells(
  cells: NumericGateCells,
  missing: BothMissing,
  format?: (value: number) => string,
): TestedCells {
  return tracedNumericCells(cells, missing, format).cells;
}

/** {@link testedNumericCells} with where each cell comes from. */
export function tracedNumericCells(
  cells: NumericGateCells,
  missing: BothMissing,
  format?: (value: number) => string,
): TracedCells {
  const rows = totals(cells, missing);
  const fraction = tailFraction(rows.reference, rows.current);
  const isActive = ({ decile, tails }: GateEdge) => decile || (fraction !== undefined && tails.includes(fraction));
  const show = format ?? shortNumbers(cells.edges.filter(({ decile, tails }) => decile || tails.length > 0));
  const showAtom = format ?? String;
  const tested = mergeNumeric(cells, isActive, rows, show, showAtom);
  const main = mergeNumeric(cells, ({ decile }) => decile, rows, show, showAtom);
  const missingCells = mergeMissing(missing, rows);
  return traced([...tested, ...missingCells], [...main, ...missingCells]);
}

/** The tested cells of a categorical or boolean column; the main cells are the same. */
export function testedCategoryCells(cells: CategoryGateCells, missing: BothMissing): TestedCells {
  return tracedCategoryCells(cells, missing).cells;
}

/** {@link testedCategoryCells} with where each cell comes from. */
export function tracedCategoryCells(cells: CategoryGateCells, missing: BothMissing): TracedCells {
  const rows = totals(cells, missing);
  rows.reference += cells.otherReference;
  rows.current += cells.otherCurrent + cells.unseenCurrent;
  const own: Cell[] = [];
  const other: Cell = {
    label: OTHER,
    reference: cells.otherReference,
    current: cells.otherCurrent + cells.unseenCurrent,
    sources: ['other'],
  };
  for (const [i, label] of cells.labels.entries()) {
    const counts = { reference: cells.reference[i]!, current: cells.current[i]!, sources: [i] };
    if (i < MOST_CATEGORIES && !isRare(counts.reference, rows)) own.push({ label: categoryLabel(label), ...counts });
    else add(other, counts);
  }
  const tested = [...own, other, ...mergeMissing(missing, rows)];
  return traced(tested, tested);
}

const OTHER = 'OTHER';
const specialLabels: ReadonlySet<string> = new Set([OTHER, 'missing', 'null', 'NaN']);

/**
 * A category as it is, but in quotation marks when it is empty, begins with one, or reads like one of the special cells: so the
 * label "OTHER" with its quotation marks is the category and OTHER without is the rest, and no two cells share a label.
 */
export function categoryLabel(category: string): string {
  return category === '' || category.startsWith('"') || specialLabels.has(category)
    ? JSON.stringify(category)
    : category;
}

interface Rows {
  reference: number;
  current: number;
}

interface Counted extends Rows {
  readonly sources: CellSource[];
}

interface Cell extends Counted {
  readonly label: string;
}

function add(into: Counted, from: Readonly<Counted>): void {
  into.reference += from.reference;
  into.current += from.current;
  into.sources.push(...from.sources);
}

function totals({ reference, current }: PairedCounts, missing: BothMissing): Rows {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  return {
    reference: sum(reference) + missing.reference.null + missing.reference.nan,
    current: sum(current) + missing.current.null + missing.current.nan,
  };
}

/** min(n, m) · r/n < 5 */
function isRare(reference: number, rows: Rows): boolean {
  return Math.min(rows.reference, rows.current) * reference < RARE_BELOW * rows.reference;
}

function traced(tested: readonly Cell[], main: readonly Cell[]): TracedCells {
  const [shown, shownMain] = [tested.filter(isFilled), main.filter(isFilled)];
  const sources = (cells: readonly Cell[]) => cells.map((cell) => cell.sources);
  return {
    cells: { ...columns(shown), main: columns(shownMain) },
    sources: sources(shown),
    mainSources: sources(shownMain),
  };
}

function isFilled({ reference, current }: Readonly<Rows>): boolean {
  return reference + current > 0;
}

function columns(filled: readonly Cell[]): { labels: string[]; reference: Float64Array; current: Float64Array } {
  return {
    labels: filled.map(({ label }) => label),
    reference: Float64Array.from(filled, ({ reference }) => reference),
    current: Float64Array.from(filled, ({ current }) => current),
  };
}

/** Null and NaN as cells of their own; when rare they are one cell together, kept even when the reference has none. */
function mergeMissing(missing: BothMissing, rows: Rows): Cell[] {
  const cells = (['null', 'nan'] as const).map(
    (kind): Cell => ({
      label: kind === 'nan' ? 'NaN' : 'null',
      reference: missing.reference[kind],
      current: missing.current[kind],
      sources: [kind],
    }),
  );
  const common = cells.filter(({ reference }) => !isRare(reference, rows));
  const rare = cells.filter((cell) => !common.includes(cell) && isFilled(cell));
  if (rare.length < 2) return [...common, ...rare];
  const joined: Cell = { label: 'missing', reference: 0, current: 0, sources: [] };
  for (const cell of rare) add(joined, cell);
  return [...common, joined];
}

/** A run of ordinary cells, or an atom. */
interface Stretch extends Counted {
  /** where it begins and ends; undefined towards −∞ and +∞ */
  from: number | undefined;
  to: number | undefined;
  readonly atom?: number;
}

/**
 * Ordinary cells between neighbouring active edges, atoms taken out; rare ones merged left to right.
 *
 * An atom inside an ordinary cell parts it in two pieces that stay one cell. A common atom is never merged; a rare one (in a batch
 * of fewer than 100 rows) joins the ordinary cell around it. What is left over at the end joins the last merged cell; when all
 * ordinary values together are rare they are one cell, so that a column that was nearly constant can be seen to vary.
 */
function mergeNumeric(
  cells: NumericGateCells,
  isActive: (edge: GateEdge) => boolean,
  rows: Rows,
  show: (value: number) => string,
  showAtom: (value: number) => string,
): Cell[] {
  const { ordinary, atoms } = stretchesOf(cells, isActive, rows);
  const merged: Stretch[] = [];
  let open: Stretch | undefined;
  for (const stretch of ordinary) {
    open = open ? join(open, stretch) : stretch;
    if (!isRare(open.reference, rows)) {
      merged.push(open);
      open = undefined;
    }
  }
  if (open) merged.push(merged.length > 0 ? join(merged.pop()!, open) : open);
  const values = atoms.map(({ atom }) => atom!);
  return [...merged, ...atoms]
    .sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))
    .map((stretch) => ({ ...stretch, label: label(stretch, values, show, showAtom) }));
}

/** Two neighbouring runs of ordinary cells as one. */
function join(left: Stretch, right: Stretch): Stretch {
  return {
    from: left.from,
    to: right.to,
    reference: left.reference + right.reference,
    current: left.current + right.current,
    sources: [...left.sources, ...right.sources],
  };
}

/** The ordinary cells and the common atoms, both ascending. */
function stretchesOf(
  { edges, atoms, reference, current }: NumericGateCells,
  isActive: (edge: GateEdge) => boolean,
  rows: Rows,
): { ordinary: Stretch[]; atoms: Stretch[] } {
  const isAtom = new Set(atoms.map((atom) => (atom === 0 ? 0 : atom)));
  let open: Stretch = { from: undefined, to: undefined, reference: 0, current: 0, sources: [] };
  const ordinary = [open];
  const common: Stretch[] = [];
  for (const [i, r] of reference.entries()) {
    const edge = i === 0 ? undefined : edges[i - 1]!;
    if (edge && isActive(edge)) {
      open.to = edge.at;
      open = { from: edge.at, to: undefined, reference: 0, current: 0, sources: [] };
      ordinary.push(open);
    }
    const counts = { reference: r, current: current[i]!, sources: [i] };
    if (edge && isAtom.has(edge.at) && !isRare(r, rows)) {
      common.push({ from: edge.at, to: edges[i]?.at, atom: edge.at, ...counts });
    } else {
      add(open, counts);
    }
  }
  return { ordinary, atoms: common };
}

function label(
  { from, to, atom }: Stretch,
  commonAtoms: readonly number[],
  show: (value: number) => string,
  showAtom: (value: number) => string,
): string {
  if (atom !== undefined) return `= ${showAtom(atom)}`;
  const inside = commonAtoms.filter((a) => (from === undefined || a >= from) && (to === undefined || a < to));
  const except = inside.length > 0 ? ` except ${inside.map(showAtom).join(', ')}` : '';
  if (from === undefined && to === undefined) return `all values${except}`;
  if (from === undefined) return `< ${show(to!)}${except}`;
  if (to === undefined) return `≥ ${show(from)}${except}`;
  return `${show(from)} … ${show(to)}${except}`;
}

/** Numbers with as few digits as keep the edges apart, at least four. */
function shortNumbers(edges: readonly GateEdge[]): (value: number) => string {
  for (let digits = 4; digits < 17; digits++) {
    const shown = new Set(edges.map(({ at }) => Number(at.toPrecision(digits))));
    if (shown.size === edges.length) return (value) => String(Number(value.toPrecision(digits)));
  }
  return String;
}
