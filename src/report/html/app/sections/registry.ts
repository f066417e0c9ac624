import type { ComponentType } from 'preact';
import type { Report } from '../../../../model/report.ts';
import type { SectionProps } from '../page.tsx';
import { Columns } from './columns.tsx';
import { Findings } from './findings.tsx';
import { Method } from './method.tsx';
import { hasPredictions, Predictions } from './predictions.tsx';
import { Quality } from './quality.tsx';

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
  { id: 'predictions', title: 'Predictions', applies: hasPredictions, View: Predictions },
  { id: 'columns', title: 'Columns', applies: always, View: Columns },
  { id: 'quality', title: 'Data quality', applies: always, View: Quality },
  { id: 'method', title: 'How it was computed', applies: always, View: Method },
];
