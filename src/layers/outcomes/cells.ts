import { testedCategoryCells, testedNumericCells } from '../../drift/tested-cells.ts';
import { ColumnFailure, type Dataset, type GroupedRequest } from '../../engine/engine.ts';
import type { SourceColumn } from '../../engine/source.ts';
import { nextUp } from '../../math/floats.ts';
import type { TestedCells } from '../../model/frequency-table.ts';
import { total } from '../../profile/numbers.ts';
import { categoryCells, numberReading, type ReferenceColumn } from '../../profile/side.ts';
import type { LabelledCellsOf } from '../../verdict/outcomes.ts';

/** Columns in the cells of the gate once more: of rows with a label against the others. */

/** Rows of one side in a column's cells. */
interface CellRows {
  readonly cells: Float64Array;
  /** values of categories without a cell */
  readonly other: number;
  readonly missing: { readonly null: number; readonly nan: number };
}

/** Null when the column has no cells. */
function cellsRequest({ counts, gate, kind }: ReferenceColumn, column: SourceColumn): GroupedRequest | null {
  if (counts?.form === 'categories') {
    return { form: 'categories', column, labels: counts.values.slice(0, categoryCells) };
  }
  if (gate === null) return null;
  return { form: 'numbers', ...numberReading(column, kind), edges: Float64Array.from(gate, ({ at }) => at) };
}

function tested(
  { gate }: ReferenceColumn,
  request: GroupedRequest,
  reference: CellRows,
  current: CellRows,
): TestedCells {
  const missing = { reference: reference.missing, current: current.missing };
  if (request.form === 'numbers') {
    const atoms = gate!.filter(({ at }, i) => gate![i + 1]?.at === nextUp(at)).map(({ at }) => at);
    return testedNumericCells({ edges: gate!, atoms, reference: reference.cells, current: current.cells }, missing);
  }
  return testedCategoryCells(
    {
      labels: request.labels,
      reference: reference.cells,
      current: current.cells,
      otherReference: reference.other,
      otherCurrent: current.other,
      unseenCurrent: 0,
    },
    missing,
  );
}

interface ByPresence {
  readonly reference: ReferenceColumn;
  readonly request: GroupedRequest;
  /** rows without a label, and with one */
  readonly sides: readonly [CellRows, CellRows];
}

/** Columns by whether the label is there. */
async function countByPresence(
  data: Dataset,
  label: SourceColumn,
  columns: readonly { readonly reference: ReferenceColumn; readonly column: SourceColumn }[],
): Promise<ByPresence[]> {
  const rows = data.derive([
    ...columns.map(({ column }, i) => ({ name: String(i), derivation: { as: 'itself', column } as const })),
    { name: 'present', derivation: { as: 'present', column: label } },
  ]);
  const asked = columns.flatMap(({ reference }, i) => {
    const request = cellsRequest(reference, rows.columns[i]!);
    return request === null ? [] : [{ reference, request }];
  });
  const { answers, rows: sizes } = await rows.groupedCells(
    asked.map(({ request }) => request),
    { form: 'labels', columns: [{ column: rows.columns.at(-1)!, labels: ['0', '1'] }] },
  );
  return asked.flatMap(({ reference, request }, i): ByPresence[] => {
    const answer = answers[i]!;
    if (answer instanceof ColumnFailure) return [];
    const side = (group: 0 | 1): CellRows => {
      const cells = Float64Array.from(answer.cells, (cell) => cell[group]!);
      const [present, nan] = [answer.present[group]!, answer.nan[group]!];
      return { cells, other: present - nan - total(cells), missing: { null: sizes[group]! - present, nan } };
    };
    return [{ reference, request, sides: [side(0), side(1)] }];
  });
}

/** What the model wrote, of rows without a label against rows with one; empty when all or none have one. */
export async function labelBias(
  data: Dataset,
  label: SourceColumn,
  columns: readonly { readonly reference: ReferenceColumn; readonly column: SourceColumn }[],
): Promise<LabelledCellsOf[]> {
  const counted = await countByPresence(data, label, columns);
  return counted.flatMap(({ reference, request, sides: [without, withLabel] }): LabelledCellsOf[] => {
    if (
      ![without, withLabel].every(({ cells, other, missing }) => total(cells) + other + missing.null + missing.nan > 0)
    )
      return [];
    const kind = request.form === 'numbers' ? 'numeric' : 'categorical';
    return [{ column: reference.source.name, kind, cells: tested(reference, request, without, withLabel) }];
  });
}
