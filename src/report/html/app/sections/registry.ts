import type { ComponentType } from 'preact';
import type { Report } from '../../../../model/report.ts';
import type { SectionProps } from '../page.tsx';
import { Columns } from './columns.tsx';
import { Findings } from './findings.tsx';
import { Method } from './method.tsx';
import { hasOutcomes, Outcomes } from './outcomes.tsx';
import { hasPredictions, Predictions } from './predictions.tsx';
import { Quality } from './quality.tsx';
import { hasRanking, Ranking } from './ranking.tsx';
import { hasSegments, Segments } from './segments.tsx';
import { hasService, Service } from './service.tsx';
import { hasTime, Time } from './time.tsx';

export interface Section {
  /** in the address and the page */
  readonly id: string;
  readonly title: string;
  /** whether the report has what it shows */
  readonly applies: (report: Report) => boolean;
  readonly View: ComponentType<SectionProps>;
}

const always = () => true;

/** Every section below the verdict, in reading order. A new one is a file and a line here. */
export const sections: readonly Section[] = [
  { id: 'findings', title: 'Findings', applies: always, View: Findings },
  { id: 'outcomes', title: 'Outcomes', applies: hasOutcomes, View: Outcomes },
  { id: 'predictions', title: 'Predictions', applies: hasPredictions, View: Predictions },
  { id: 'time', title: 'Time', applies: hasTime, View: Time },
  { id: 'segments', title: 'Segments', applies: hasSegments, View: Segments },
  { id: 'ranking', title: 'What matters', applies: hasRanking, View: Ranking },
  { id: 'columns', title: 'Columns', applies: always, View: Columns },
  { id: 'service', title: 'Service', applies: hasService, View: Service },
  { id: 'quality', title: 'Data quality', applies: always, View: Quality },
  { id: 'method', title: 'How it was computed', applies: always, View: Method },
];
