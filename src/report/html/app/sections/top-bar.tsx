import type { Report } from '../../../../model/report.ts';
import { statusWords } from '../../../words.ts';
import { useTheme } from '../theme.ts';
import type { Section } from './registry.ts';

/** Where one is, where one can go, and the colour scheme. */
export function TopBar({ report, sections }: { report: Report; sections: readonly Section[] }) {
  const { word, symbol } = statusWords[report.gate.status];
  const [theme, toggle] = useTheme();
  return (
    <div class="top">
      <span class={`chip ${report.gate.status}`}>
        <span aria-hidden="true">{symbol}</span> {word}
      </span>
      <nav aria-label="Sections">
        {sections.map(({ id, title }) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
      <button type="button" class="theme" aria-pressed={theme === 'dark'} onClick={toggle}>
        <span aria-hidden="true">☾</span> <span class="word">Dark</span>
      </button>
    </div>
  );
}
