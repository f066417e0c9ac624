import type { ComponentChildren } from 'preact';

interface ChoiceProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [id: Id, title: ComponentChildren])[];
  readonly chosen: Id;
  readonly choose: (id: Id) => void;
}

/** A few ways to see the same. */
export function Choice<Id extends string>({ label, choices, chosen, choose }: ChoiceProps<Id>) {
  return (
    <fieldset class="segments choice">
      <legend class="hidden">{label}</legend>
      {choices.map(([id, title]) => (
        <button key={id} type="button" aria-pressed={id === chosen} onClick={() => choose(id)}>
          {title}
        </button>
      ))}
    </fieldset>
  );
}
