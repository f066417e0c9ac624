import type { ComponentType } from 'preact';
import { useMemo } from 'preact/hooks';
import type { CompareReport } from '../../../../model/compare.ts';
import { type Entry, entriesOf } from '../entries.ts';
import { NamedSides } from '../parts/sides.tsx';
import { usePrinting } from '../printing.ts';
import { OutcomesView } from '../sections/outcomes.tsx';
import { ServiceView } from '../sections/service.tsx';
import { TopBar } from '../sections/top-bar.tsx';
import { Agreement } from './agreement.tsx';
import { Differences, Findings } from './findings.tsx';
import { Method } from './method.tsx';
import { Metrics } from './metrics.tsx';
import { Predictions } from './predictions.tsx';
import { Verdict } from './verdict.tsx';

/** What every section is given. */
export interface CompareProps {
  readonly report: CompareReport;
  readonly entries: readonly Entry[];
  /** everything is to be on paper: nothing folded */
  readonly printing: boolean;
}

interface Section {
  /** in the address and the page */
  readonly id: string;
  readonly title: string;
  /** whether the report has what it shows */
  readonly applies: (report: CompareReport) => boolean;
  readonly View: ComponentType<CompareProps>;
}

const always = () => true;

/** Every section below the verdict, in reading order. */
const sections: readonly Section[] = [
  { id: 'findings', title: 'What makes it worse', applies: always, View: Findings },
  { id: 'metrics', title: 'On the same labels', applies: ({ paired }) => paired !== null, View: Metrics },
  { id: 'agreement', title: 'Agreement', applies: always, View: Agreement },
  { id: 'predictions', title: 'Predictions', applies: always, View: Predictions },
  {
    id: 'differences',
    title: 'How they differ',
    applies: ({ differences }) => differences.length > 0,
    View: Differences,
  },
  { id: 'service', title: 'Service', applies: ({ service }) => service !== null, View: Service },
  { id: 'outcomes', title: 'Each by its own labels', applies: ({ outcomes }) => outcomes !== null, View: Outcomes },
  { id: 'method', title: 'How it was computed', applies: always, View: Method },
];

function Service({ report, entries, printing }: CompareProps) {
  return <ServiceView service={report.service!} zone={undefined} entries={entries} printing={printing} />;
}

function Outcomes({ report, entries, printing }: CompareProps) {
  return (
    <>
      <p class="note">
        Each version by the labels that stand in its own rows, as two samples. Where requests of both have labels, these
        decide nothing.
      </p>
      <OutcomesView outcomes={report.outcomes!} zone={undefined} entries={entries} printing={printing} />
    </>
  );
}

const names = { reference: 'champion', current: 'challenger' };

/** Two versions of a model: the champion is what a check calls the reference, the challenger what it calls the current side. */
export function ComparePage({ report }: { readonly report: CompareReport }) {
  const entries = useMemo(() => entriesOf(report), [report]);
  const printing = usePrinting();
  const props: CompareProps = { report, entries, printing };
  const shown = sections.filter((section) => section.applies(report));
  return (
    <NamedSides value={names}>
      <a class="skip" href="#findings">
        Skip to what was found
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
      </main>
      <footer>
        driftgate {report.tool.version}. Rounded numbers show their exact value when pointed at; all of them stand in
        compare.json.
      </footer>
    </NamedSides>
  );
}
