import { levelMarks } from '../charts/heat-map.tsx';

/** The mark of a level before a name, for the eye: the words stand in the same line, which may be wider than the screen. */
export function Mark({ level }: { level: 'fail' | 'warn' }) {
  return (
    <b class={`rejected ${level} before`} aria-hidden="true">
      {levelMarks[level]}
    </b>
  );
}
