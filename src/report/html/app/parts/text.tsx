import { Fragment } from 'preact';
import { printable } from '../../../../model/text.ts';
import { shownName } from '../../../words.ts';
import type { Entry } from '../entries.ts';

/** Text from the data: nothing in it hides, reorders its surroundings or is endless. */
export function Text({ value, limit = 120 }: { value: string; limit?: number }) {
  return (
    <bdi class="text" title={value.length > limit ? printable(value, 1000) : undefined}>
      {shownName(value, limit)}
    </bdi>
  );
}

/** Sentences of the report: ours, with quoted parts of the data. */
export function Sentence({ children }: { children: string }) {
  const text = printable(children, 700);
  if (text.trim() === '') return <span class="none">–</span>;
  return <span class="text">{text.replace(/^[a-z]/, (letter) => letter.toUpperCase())}.</span>;
}

export function ColumnLink({ entry }: { entry: Entry }) {
  return (
    <a class="text" href={entry.href}>
      <bdi>
        {/* names break where their words end */}
        {entry.name.split(/(?<=[_./-])(?=[^_./-])/).map((part, i) => (
          <Fragment key={i}>
            {i > 0 && <wbr />}
            {part}
          </Fragment>
        ))}
      </bdi>
    </a>
  );
}
