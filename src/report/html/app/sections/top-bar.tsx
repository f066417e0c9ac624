import type { GateStatus } from '../../../../model/verdict.ts';
import { statusWords } from '../../../words.ts';
import { useTheme } from '../theme.ts';

interface TopBarProps {
  readonly status: GateStatus;
  readonly sections: readonly { readonly id: string; readonly title: string }[];
}

/** Where one is, where one can go, and the colour scheme. */
export function TopBar({ status, sections }: TopBarProps) {
  const { word, symbol } = statusWords[status];
  const [theme, toggle] = useTheme();
  return (
    <div class="top">
      <span class={`chip ${status}`}>
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
