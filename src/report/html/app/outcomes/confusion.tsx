import type { SidePerformance } from '../../../../model/outcomes.ts';
import { formatCount, formatShare } from '../../../numbers.ts';
import { Scroll } from '../parts/scroll.tsx';
import { SideName, useSides } from '../parts/sides.tsx';
import { Text } from '../parts/text.tsx';

interface ConfusionProps {
  readonly reference: SidePerformance | null;
  readonly current: SidePerformance | null;
}

const classesShown = 12;

/** Of the rows of each class, which were predicted as what. */
export function Confusion({ reference, current }: ConfusionProps) {
  const sides = [
    ['reference', reference?.confusion ?? null],
    ['current', current?.confusion ?? null],
  ] as const;
  if (sides.every(([, confusion]) => confusion === null)) return null;
  const kept = largest(sides.map(([, confusion]) => confusion));
  return (
    <>
      <h3>Confusion</h3>
      <p class="note">
        Of the rows of each class (its label), the share that was predicted as each; the rows themselves below it.
        {kept.others > 0 &&
          ` The ${classesShown} largest classes; OTHER holds the remaining ${formatCount(kept.others)}.`}
      </p>
      <div class="cards wide">
        {sides.map(([side, confusion]) =>
          confusion === null ? null : <Matrix key={side} side={side} confusion={confusion} kept={kept.classes} />,
        )}
      </div>
    </>
  );
}

type Counted = NonNullable<SidePerformance['confusion']>;

/** The classes with most rows on both sides, in the order of the report. */
function largest(sides: readonly (Counted | null)[]): { classes: readonly string[]; others: number } {
  const rows = new Map<string, number>();
  for (const side of sides) {
    side?.classes.forEach((name, i) => {
      const size = side.classes.length;
      const own = side.counts.slice(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0);
      const total = side.counts.reduce((sum, count) => sum + count, 0);
      rows.set(name, (rows.get(name) ?? 0) + (total > 0 ? own / total : 0));
    });
  }
  const names = [...rows.keys()];
  if (names.length <= classesShown + 1) return { classes: names, others: 0 };
  const kept = new Set(
    [...rows]
      .sort(([, a], [, b]) => b - a)
      .slice(0, classesShown)
      .map(([name]) => name),
  );
  return { classes: names.filter((name) => kept.has(name)), others: names.length - classesShown };
}

function Matrix({
  side,
  confusion,
  kept,
}: {
  side: 'reference' | 'current';
  confusion: Counted;
  kept: readonly string[];
}) {
  const size = confusion.classes.length;
  // the place of a class in what is shown; all others share the last
  const places = confusion.classes.map((name) => {
    const place = kept.indexOf(name);
    return place === -1 ? kept.length : place;
  });
  const shown = Math.max(kept.length, ...places.map((place) => place + 1));
  const counts = Array.from({ length: shown }, () => new Array<number>(shown).fill(0));
  confusion.counts.forEach((rows, at) => {
    counts[places[Math.floor(at / size)]!]![places[at % size]!]! += rows;
  });
  const names = Array.from({ length: shown }, (_, i) => kept[i] ?? null);
  return (
    <div>
      <h4 class={`key ${side}`}>
        <SideName of={side} />
      </h4>
      <ConfusionMatrix
        label={`Confusion, ${useSides()[side]}`}
        corner="label ＼ predicted"
        names={names}
        counts={counts}
      />
    </div>
  );
}

interface MatrixProps {
  readonly label: string;
  /** what goes downwards and what goes across */
  readonly corner: string;
  /** null for all other classes */
  readonly names: readonly (string | null)[];
  /** by row and, within, by column */
  readonly counts: readonly (readonly number[])[];
}

/** Shares of each row in colour and words, with the rows themselves. */
export function ConfusionMatrix({ label, corner, names, counts }: MatrixProps) {
  // many columns are narrow
  const limit = names.length > 8 ? 20 : 40;
  const name = (of: string | null) => (of === null ? <i>OTHER</i> : <Text value={of} limit={limit} />);
  return (
    <Scroll label={label}>
      <table class="confusion">
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {names.map((of, j) => (
              <th key={j} scope="col">
                {name(of)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, i) => {
            const total = row.reduce((sum, rows) => sum + rows, 0);
            return (
              <tr key={i}>
                <th scope="row">{name(names[i] ?? null)}</th>
                {row.map((rows, j) => {
                  const share = total > 0 ? rows / total : 0;
                  return (
                    <td
                      key={j}
                      class={i === j ? 'right' : undefined}
                      style={{ '--heat': `${(share * 100).toFixed(1)}%` }}
                    >
                      {total > 0 ? formatShare(share) : '–'}
                      <span class="small">{formatCount(rows)}</span>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
