import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export type Side = 'reference' | 'current';

/** What the page calls its two sides, wherever it names them. */
const Names = createContext<Readonly<Record<Side, string>>>({ reference: 'reference', current: 'current' });

export const NamedSides = Names.Provider;

export function useSides(): Readonly<Record<Side, string>> {
  return useContext(Names);
}

export function SideName({ of }: { of: Side }) {
  return <>{useSides()[of]}</>;
}
