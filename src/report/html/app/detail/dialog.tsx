import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Report } from '../../../../model/report.ts';
import type { Entry } from '../entries.ts';
import { Badges, kindAndRole } from '../parts/badges.tsx';
import { Detail } from './detail.tsx';

interface DetailDialogProps {
  readonly report: Report;
  readonly entry: Entry;
  /** the columns as the table has them: where forward and back lead */
  readonly order: readonly Entry[];
  readonly show: (entry: Entry | null) => void;
}

/** One column, over the page: Escape closes it, the arrow keys go through the table's columns. */
export function DetailDialog({ report, entry, order, show }: DetailDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    sheet.current!.scrollTop = 0;
    title.current!.focus({ preventScroll: true });
  }, [entry]);
  const position = order.indexOf(entry);
  const step = (by: number) => {
    const next = order[position + by];
    if (next && position !== -1) show(next);
  };
  const onKey = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (typing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'ArrowLeft') step(-1);
    else if (event.key === 'ArrowRight') step(1);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      class="detail"
      aria-labelledby="detail-title"
      onKeyDown={onKey}
      onCancel={(event) => {
        event.preventDefault();
        show(null);
      }}
      onClick={(event) => {
        // outside of the sheet is the dialog's own backdrop
        if (event.target === dialog.current) show(null);
      }}
    >
      <div ref={sheet} class="sheet">
        <header>
          <h2 ref={title} id="detail-title" class="text" tabIndex={-1}>
            <bdi>{entry.name}</bdi>
          </h2>
          <Badges column={entry.column} />
          <span class="small">{kindAndRole(entry.column)}</span>
          <span class="buttons">
            <button type="button" onClick={() => step(-1)} disabled={position <= 0} title="previous column (←)">
              <span aria-hidden="true">‹</span>
              <span class="hidden">Previous column</span>
            </button>
            <button
              type="button"
              onClick={() => step(1)}
              disabled={position === -1 || position === order.length - 1}
              title="next column (→)"
            >
              <span aria-hidden="true">›</span>
              <span class="hidden">Next column</span>
            </button>
            <button type="button" onClick={() => show(null)} title="close (Esc)">
              <span aria-hidden="true">✕</span>
              <span class="hidden">Close</span>
            </button>
          </span>
        </header>
        <div class="body">
          <Detail key={entry.index} report={report} entry={entry} printing={false} />
        </div>
      </div>
    </dialog>
  );
}

/** Every detail of the columns shown, for paper. */
export function PrintedDetails({ report, entries }: { report: Report; entries: readonly Entry[] }) {
  return (
    <section class="printed">
      <h2>Details</h2>
      {entries.map((entry) => (
        <article key={entry.index}>
          <h3 class="text">
            <bdi>{entry.name}</bdi> <Badges column={entry.column} />{' '}
            <span class="small">{kindAndRole(entry.column)}</span>
          </h3>
          <Detail report={report} entry={entry} printing={true} />
        </article>
      ))}
    </section>
  );
}
