import type { FindingCode, GateStatus } from '../../../../model/verdict.ts';
import { advice as adviceOfChecks } from '../parts/advice.ts';
import { FindingList } from '../sections/findings.tsx';
import type { CompareProps } from './page.tsx';

/** What to do about a challenger, where that is not what one would do about a batch. */
const advice: Readonly<Record<FindingCode, string>> = {
  ...adviceOfChecks,
  NULLS_UP: 'It leaves requests without an answer: look at how it fails before it takes the whole load.',
  CONFIDENCE_DOWN: 'It is less sure of the same requests: calibrate it anew, or look at its threshold.',
  PREDICTION_COLLAPSE: 'Do not promote it: it answers the same whatever it is asked.',
  SERVICE_LEVEL_MISSED: 'Look at how it is hosted before it takes the whole load.',
  PERFORMANCE_DOWN: 'Keep the champion.',
  PERFORMANCE_SLIPPED: 'Keep the champion, or write down that so much may be lost (outcomes.drop).',
};

const nothing = {
  pass: 'Nothing was found that makes the challenger worse.',
  breach: 'Nothing was found in a column; see the verdict above.',
  'no-verdict': 'No finding, and no verdict either: this is not a pass.',
} satisfies Record<GateStatus, string>;

export function Findings({ report: { findings, gate }, entries, printing }: CompareProps) {
  if (findings.length === 0) return <p class="none">{nothing[gate.status]}</p>;
  return (
    <FindingList findings={findings} entries={entries} advice={advice} whole="The challenger" printing={printing} />
  );
}

export function Differences({ report: { differences }, entries, printing }: CompareProps) {
  return (
    <>
      <p class="note">That it differs is what a challenger is for: none of this stops the gate.</p>
      <FindingList findings={differences} entries={entries} advice={null} whole="The challenger" printing={printing} />
    </>
  );
}
