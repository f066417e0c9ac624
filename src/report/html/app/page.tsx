import { useMemo } from 'preact/hooks';
import type { Report } from '../../../model/report.ts';
import { DetailDialog, PrintedDetails } from './detail/dialog.tsx';
import { type Entry, entriesOf } from './entries.ts';
import { usePrinting } from './printing.ts';
import { useColumnRoute } from './routing.ts';
import { sections } from './sections/registry.ts';
import { TopBar } from './sections/top-bar.tsx';
import { Verdict } from './sections/verdict.tsx';
import { useTable } from './table-state.ts';

/** What every section is given. */
export interface SectionProps {
  readonly report: Report;
  readonly entries: readonly Entry[];
  readonly table: ReturnType<typeof useTable>;
  /** everything is to be on paper: nothing folded, nothing on another page */
  readonly printing: boolean;
}

export function Page({ report }: { readonly report: Report }) {
  const entries = useMemo(() => entriesOf(report), [report]);
  const table = useTable(entries);
  const printing = usePrinting();
  const [open, show] = useColumnRoute(entries);
  const props: SectionProps = { report, entries, table, printing };
  const shown = sections.filter((section) => section.applies(report));
  return (
    <>
      <a class="skip" href="#columns">
        Skip to the columns
      </a>
      <TopBar status={report.gate.status} sections={shown} />
      <main>
        <Verdict {...props} />
        {shown.map(({ id, title, View }) => (
          <section key={id} id={id} class="card" aria-labelledby={`${id}-title`}>
            <h2 id={`${id}-title`}>{title}</h2>
            <View {...props} />
          </section>
        ))}
        {printing && <PrintedDetails report={report} entries={table.rows} />}
      </main>
      <footer>
        driftgate {report.tool.version}. Rounded numbers show their exact value when pointed at; all of them stand in
        report.json.
      </footer>
      {open !== null && <DetailDialog report={report} entry={open} order={table.rows} show={show} />}
    </>
  );
}
