import type { TargetedKeyboardEvent } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount, formatQuantity } from '../../../numbers.ts';
import type { Entry } from '../entries.ts';
import { Scroll } from '../parts/scroll.tsx';
import { ColumnLink, Text } from '../parts/text.tsx';

export interface HeatHead {
  /** what the cells below it are about */
  readonly name: string;
  /** for the head of a narrow column */
  readonly short: string;
  /** rows of the batch in it */
  readonly rows: number;
}

export interface HeatRow {
  readonly entry: Entry;
  readonly values: readonly (number | null)[];
  /** the levels that a cell is beyond by itself */
  readonly levels: readonly ('fail' | 'warn' | null)[];
  /** from which value on the colour is full; null where nothing tells */
  readonly full: number | null;
}

interface HeatMapProps {
  readonly label: string;
  readonly heads: readonly HeatHead[];
  /** worst first */
  readonly rows: readonly HeatRow[];
  /** a cell's number with its name */
  readonly told: (value: number) => string;
  /** what the deepest colour stands for */
  readonly scale: string;
  /** why a cell may be empty */
  readonly empty: string;
  readonly printing: boolean;
}

const rowsAtFirst = 30;
const levelWords = { fail: 'proven beyond the fail level by itself', warn: 'proven beyond the warn level by itself' };
export const levelMarks = { fail: '▲', warn: '△' };

/**
 * Columns by parts of the batch. Each cell leads to its column; the keyboard enters the cells once and goes between them with the
 * arrow keys.
 */
export function HeatMap({ label, heads, rows, told, scale, empty, printing }: HeatMapProps) {
  const [all, setAll] = useState(false);
  const [reached, setReached] = useState<readonly [number, number]>([0, 0]);
  const [pointed, setPointed] = useState<readonly [number, number] | null>(null);
  const shown = all || printing ? rows : rows.slice(0, rowsAtFirst);
  const most = Math.max(1, ...heads.map((head) => head.rows));
  const words = ({ values, levels }: HeatRow, i: number) => {
    const value = values[i] ?? null;
    const level = levels[i] ?? null;
    if (value === null) return empty;
    return level === null ? told(value) : `${told(value)}, ${levelWords[level]}`;
  };
  const [row, head] = pointed === null ? [undefined, undefined] : [shown[pointed[0]], heads[pointed[1]]];
  return (
    <>
      <Scroll label={label}>
        {/* the arrow keys go between links, which work without them too */}
        <table class="heat" onKeyDown={moveBetweenCells} onPointerLeave={() => setPointed(null)}>
          <thead>
            <tr class="heads">
              <th scope="col">column</th>
              {heads.map(({ name, short }, i) => (
                <th key={i} scope="col" title={name}>
                  <span class="hidden">
                    <Text value={name} limit={80} />
                  </span>
                  <span aria-hidden="true" class="short">
                    <bdi>{short}</bdi>
                  </span>
                </th>
              ))}
            </tr>
            <tr class="volumes">
              <th scope="row">rows</th>
              {heads.map(({ name, rows: many }, i) => (
                <td key={i} title={`${name}: ${formatQuantity(many, 'row')}`}>
                  <span class="hidden">{formatCount(many)}</span>
                  <span class="volume" style={{ height: `${((many / most) * 100).toFixed(1)}%` }} />
                </td>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((line, r) => (
              <tr key={line.entry.index}>
                <th scope="row">
                  <ColumnLink entry={line.entry} />
                </th>
                {heads.map(({ name }, c) => {
                  const value = line.values[c] ?? null;
                  const level = line.levels[c] ?? null;
                  const depth = value === null || !line.full ? 0 : Math.min(1, Math.max(0, value / line.full));
                  return (
                    <td key={c}>
                      <a
                        class={value === null ? 'blank' : undefined}
                        href={line.entry.href}
                        tabIndex={reached[0] === r && reached[1] === c ? 0 : -1}
                        style={{ '--heat': `${(depth * 100).toFixed(1)}%` }}
                        title={`${name}: ${words(line, c)}`}
                        aria-label={`${line.entry.name}, ${name}: ${words(line, c)}`}
                        onFocus={() => {
                          setReached([r, c]);
                          setPointed([r, c]);
                        }}
                        onPointerEnter={() => setPointed([r, c])}
                      >
                        {level === null ? '' : levelMarks[level]}
                      </a>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="readout" aria-hidden="true">
        {row === undefined || head === undefined ? (
          <span class="none">Point at a cell, or go through them with the arrow keys.</span>
        ) : (
          <>
            <b>
              <Text value={row.entry.name} limit={60} />
            </b>
            , <Text value={head.name} limit={80} /> ({formatQuantity(head.rows, 'row')}): {words(row, pointed![1])}
          </>
        )}
      </p>
      <p class="note heat-legend">
        <span class="ramp">
          <span>0</span> <span class="gradient" /> <span>{scale}</span>
        </span>
        {(['fail', 'warn'] as const).map((level) => (
          <span key={level}>
            <b aria-hidden="true">{levelMarks[level]}</b> {levelWords[level]}
          </span>
        ))}
      </p>
      {shown.length < rows.length && (
        <button type="button" class="more" onClick={() => setAll(true)}>
          Show all {formatCount(rows.length)} columns
        </button>
      )}
    </>
  );
}

function moveBetweenCells(event: TargetedKeyboardEvent<HTMLTableElement>) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = document.activeElement?.closest('td, th');
  if (step === undefined || !cell?.closest('tbody')) return;
  const rows = [...event.currentTarget.tBodies[0]!.rows];
  const row = rows[rows.indexOf(cell.parentElement as HTMLTableRowElement) + step[0]!];
  const next = row?.cells[(cell as HTMLTableCellElement).cellIndex + step[1]!]?.querySelector('a');
  if (!next) return;
  event.preventDefault();
  next.focus();
}
