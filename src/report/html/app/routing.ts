import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Entry } from './entries.ts';

const prefix = '#column=';

/** The column that the address names, and a way to another or, with null, back to the page. */
export function useColumnRoute(entries: readonly Entry[]): [Entry | null, (entry: Entry | null) => void] {
  const [open, setOpen] = useState(() => namedBy(location.hash, entries));
  useEffect(() => {
    const follow = () => setOpen(namedBy(location.hash, entries));
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, [entries]);
  const show = useCallback((entry: Entry | null) => {
    // the history keeps one step for the whole walk through the columns; without a fragment nothing scrolls
    history.replaceState(null, '', entry === null ? location.href.replace(/#.*$/s, '') : entry.href);
    setOpen(entry);
  }, []);
  return [open, show];
}

function namedBy(hash: string, entries: readonly Entry[]): Entry | null {
  if (!hash.startsWith(prefix)) return null;
  const key = hash.slice(prefix.length);
  const named = entries.find((entry) => entry.key === key);
  if (named) return named;
  // as someone types it, or as another program encodes it
  try {
    const name = decodeURIComponent(key);
    return entries.find((entry) => entry.column.name === name) ?? null;
  } catch {
    return null;
  }
}
