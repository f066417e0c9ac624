import { useMemo, useState } from 'preact/hooks';
import type { Kind } from '../../../model/measure.ts';
import type { Outcome } from '../../../model/verdict.ts';
import { gateOf } from '../../gate.ts';
import { outcomes } from '../../words.ts';
import type { Entry } from './entries.ts';

export const sortings = {
  worst: { title: 'Worst first', firstDown: false, value: (entry) => entry.index },
  name: { title: 'Column', firstDown: false, value: (entry) => entry.column.name.toLowerCase() },
  kind: { title: 'Role and kind', firstDown: false, value: ({ column }) => `${column.role} ${column.kind}` },
  outcome: {
    title: 'Outcome',
    firstDown: false,
    value: ({ column }) => outcomes.indexOf(column.outcome) * 10 + Number(column.severity?.slice(1) ?? 9),
  },
  drift: {
    title: 'φ² on its scale',
    firstDown: true,
    value: ({ column: { gating } }) => {
      const gate = gating && gateOf(gating);
      return gate && gate.value / gate.fail;
    },
  },
  change: {
    title: 'Largest change',
    firstDown: true,
    value: ({ column: { gating } }) => {
      const change = gating?.largestCellChange;
      return change ? Math.abs(change.current - change.reference) : null;
    },
  },
  missing: {
    title: 'Missing',
    firstDown: true,
    value: ({ missing }) => (missing.current === null ? null : missing.current - (missing.reference ?? 0)),
  },
} satisfies Record<string, { title: string; firstDown: boolean; value: (entry: Entry) => number | string | null }>;
export type Sorting = keyof typeof sortings;

export interface Filter {
  readonly text: string;
  readonly kind: Kind | '';
  readonly outcome: Outcome | '';
}
const everything: Filter = { text: '', kind: '', outcome: '' };

/** What the table of columns shows and in which order; the detail's way forward and back follows it. */
export function useTable(entries: readonly Entry[]) {
  const [filter, setFilter] = useState(everything);
  const [sorting, setSorting] = useState<{ by: Sorting; down: boolean }>({ by: 'worst', down: false });
  const rows = useMemo(() => sorted(filtered(entries, filter), sorting), [entries, filter, sorting]);
  return {
    rows,
    filter,
    filterBy: (change: Partial<Filter>) => setFilter((last) => ({ ...last, ...change })),
    clear: () => setFilter(everything),
    sorting,
    sortBy: (by: Sorting) => setSorting((last) => ({ by, down: last.by === by ? !last.down : sortings[by].firstDown })),
  };
}

function filtered(entries: readonly Entry[], { text, kind, outcome }: Filter): readonly Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(
    ({ column, searched }) =>
      (kind === '' || column.kind === kind) &&
      (outcome === '' || column.outcome === outcome) &&
      words.every((word) => searched.includes(word)),
  );
}

/** What has no value comes last, whichever way; equals stay worst first. */
function sorted(entries: readonly Entry[], { by, down }: { by: Sorting; down: boolean }): readonly Entry[] {
  const { value } = sortings[by];
  const sign = down ? -1 : 1;
  return entries
    .map((entry) => ({ entry, value: value(entry) as number | string | null }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return a.value < b.value ? -sign : a.value > b.value ? sign : 0;
    })
    .map(({ entry }) => entry);
}
