import type { TargetedKeyboardEvent, TargetedMouseEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Kind } from '../../../../model/measure.ts';
import type { Outcome } from '../../../../model/verdict.ts';
import { gateOf, intervalWords } from '../../../gate.ts';
import { formatCount, formatPoints, formatQuantity, formatShare } from '../../../numbers.ts';
import { outcomes, outcomeWords } from '../../../words.ts';
import { Thumbnail } from '../charts/thumbnail.tsx';
import { DriftScale } from '../charts/tolerance-scale.tsx';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { Badges, kindAndRole, Legend } from '../parts/badges.tsx';
import { Num } from '../parts/number.tsx';
import { ColumnLink, Text } from '../parts/text.tsx';
import { type Sorting, sortings } from '../table-state.ts';

const rowsOnAPage = 50;

/** Every column on a line: sorted, filtered, a page at a time. */
export function Columns({ report, entries, table, printing }: SectionProps) {
  const { rows, filter, filterBy, sorting, sortBy } = table;
  const [page, setPage] = useState(0);
  // another choice starts from its top
  useEffect(() => setPage(0), [rows]);
  const pages = Math.max(1, Math.ceil(rows.length / rowsOnAPage));
  const at = Math.min(page, pages - 1);
  const shown = printing ? rows : rows.slice(at * rowsOnAPage, (at + 1) * rowsOnAPage);
  const kinds = [...new Set(entries.map(({ column }) => column.kind))].sort();
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = target.closest('input, select, textarea, dialog');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current!.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const filtering = filter.text !== '' || filter.kind !== '' || filter.outcome !== '';
  return (
    <>
      <search class="controls" aria-label="Columns">
        <label>
          Name{' '}
          <input
            ref={search}
            type="search"
            aria-label="Name"
            value={filter.text}
            onInput={(event) => filterBy({ text: event.currentTarget.value })}
            placeholder="filter, press /"
            spellcheck={false}
            autocomplete="off"
          />
        </label>
        <label>
          Kind{' '}
          <select
            aria-label="Kind"
            value={filter.kind}
            onChange={(event) => filterBy({ kind: event.currentTarget.value as Kind | '' })}
          >
            <option value="">all</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kind}
              </option>
            ))}
          </select>
        </label>
        <label>
          Outcome{' '}
          <select
            aria-label="Outcome"
            value={filter.outcome}
            onChange={(event) => filterBy({ outcome: event.currentTarget.value as Outcome | '' })}
          >
            <option value="">all</option>
            {outcomes.map((outcome) => (
              <option key={outcome} value={outcome}>
                {outcomeWords[outcome].word} ({formatCount(report.gate.counts[outcome])})
              </option>
            ))}
          </select>
        </label>
        <label class="sorting">
          Sort{' '}
          <select
            aria-label="Sort"
            value={sorting.by}
            onChange={(event) => sortBy(event.currentTarget.value as Sorting)}
          >
            {(Object.keys(sortings) as Sorting[]).map((by) => (
              <option key={by} value={by}>
                {sortings[by].title}
              </option>
            ))}
          </select>
        </label>
        {filtering && (
          <button type="button" onClick={table.clear}>
            Show all
          </button>
        )}
        <span class="status" role="status">
          {rows.length < entries.length && `${formatCount(rows.length)} of `}
          {formatQuantity(entries.length, 'column')}
        </span>
        <Legend />
      </search>
      <table class="columns" onKeyDown={moveBetweenRows}>
        <thead>
          <tr>
            <SortHeader by="name" sorting={sorting} sortBy={printing ? null : sortBy} />
            <SortHeader by="kind" sorting={sorting} sortBy={printing ? null : sortBy} />
            <SortHeader by="outcome" sorting={sorting} sortBy={printing ? null : sortBy} />
            <SortHeader by="drift" sorting={sorting} sortBy={printing ? null : sortBy} />
            <SortHeader by="change" sorting={sorting} sortBy={printing ? null : sortBy} />
            <SortHeader by="missing" sorting={sorting} sortBy={printing ? null : sortBy} />
            <th scope="col">Distribution</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => (
            <Row key={entry.index} entry={entry} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="none">No column is like that.</p>}
      <p class="note">
        The scale runs from nothing to twice the fail tolerance of the column: the mark is φ² (or the measure chosen in
        its place), the bar its interval, the lines are the warn and the fail tolerance.
      </p>
      {pages > 1 && !printing && (
        <nav class="pages" aria-label="Pages of columns">
          <button type="button" disabled={at === 0} onClick={() => setPage(at - 1)}>
            ‹ Back
          </button>
          <span>
            {formatCount(at * rowsOnAPage + 1)}–{formatCount(Math.min(rows.length, (at + 1) * rowsOnAPage))} of{' '}
            {formatCount(rows.length)}
          </span>
          <button type="button" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
            Next ›
          </button>
        </nav>
      )}
    </>
  );
}

interface SortHeaderProps {
  readonly by: Sorting;
  readonly sorting: { readonly by: Sorting; readonly down: boolean };
  /** null on paper, where nothing can be pressed */
  readonly sortBy: ((by: Sorting) => void) | null;
}

function SortHeader({ by, sorting, sortBy }: SortHeaderProps) {
  const active = sorting.by === by;
  if (sortBy === null) return <th scope="col">{sortings[by].title}</th>;
  return (
    <th scope="col" aria-sort={active ? (sorting.down ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick={() => sortBy(by)}>
        {sortings[by].title} <span aria-hidden="true">{active ? (sorting.down ? '▼' : '▲') : '↕'}</span>
      </button>
    </th>
  );
}

function Row({ entry }: { entry: Entry }) {
  const { column } = entry;
  const { gating } = column;
  const change = gating?.largestCellChange;
  const gate = gating && gateOf(gating);
  const open = (event: TargetedMouseEvent<HTMLTableRowElement>) => {
    // the whole line is a way in, for the mouse; the keyboard has the link
    if ((event.target as HTMLElement).closest('a, button, data') || getSelection()?.toString()) return;
    location.hash = entry.href;
  };
  return (
    <tr onClick={open}>
      <th scope="row">
        <ColumnLink entry={entry} />
      </th>
      <td>{kindAndRole(column)}</td>
      <td>
        <Badges column={column} />
      </td>
      <td>
        {gating ? (
          <>
            <b>
              <Num value={gate!.value} format={gate!.format} />
            </b>{' '}
            <span class="small">
              {intervalWords(gating)}
              {gate!.own && ` ${gate!.title}`}
            </span>
            <DriftScale gating={gating} />
          </>
        ) : (
          <span class="small">{column.error === null ? <Text value={column.reason} limit={70} /> : 'error'}</span>
        )}
      </td>
      <td>
        {change && (
          <>
            <b title={String(change.current - change.reference)}>
              {formatPoints(change.current - change.reference)
                .replace(/ points?$/, '')
                .replace('-', '−')}
            </b>{' '}
            <span class="small">
              <Text value={change.cell} limit={28} />
            </span>
          </>
        )}
      </td>
      <td>
        <Missing entry={entry} />
      </td>
      <td>
        <Thumbnail distribution={column.distribution} />
      </td>
    </tr>
  );
}

/** Share of rows without a usable value, then and now. */
function Missing({ entry: { missing } }: { entry: Entry }) {
  const words = (share: number | null) => (share === null ? 'absent' : formatShare(share));
  const [then, now] = [words(missing.reference), words(missing.current)];
  return then === now ? then : `${then} → ${now}`;
}

/** The arrow keys go from name to name. */
function moveBetweenRows(event: TargetedKeyboardEvent<HTMLTableElement>) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const focused = document.activeElement;
  if (by === undefined || !focused?.matches('tbody th a')) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('tbody th a')];
  const next = links[links.indexOf(focused as HTMLElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
