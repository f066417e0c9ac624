import { useState } from 'preact/hooks';

export type Theme = 'light' | 'dark';
const stored = 'driftgate-theme';

/** The chosen scheme, kept where the browser allows it; the system's until one is chosen. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const chosen = remembered();
    if (chosen) document.documentElement.dataset.theme = chosen;
    return chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  });
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(stored, next);
    } catch {
      // a file without storage: the choice lasts as long as the page
    }
    setTheme(next);
  };
  return [theme, toggle];
}

function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(stored);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null;
  }
}
