import type { Report } from '../../model/report.ts';
import type { Family } from '../prometheus.ts';
import * as outcomes from './outcomes.ts';
import * as predictions from './predictions.ts';
import * as ranking from './ranking.ts';
import * as segments from './segments.ts';
import * as service from './service.ts';
import * as time from './time.ts';

/** What the layers beside the columns have to say in plain forms; nothing where a report has none of it. */
export interface Section {
  terminalLines(report: Report, width: number): string[];
  /** a heading and what stands below it */
  markdownLines(report: Report): string[];
  prometheusFamilies(report: Report): Family[];
}

/** In the order of the report. */
export const sections: readonly Section[] = [time, outcomes, predictions, segments, ranking, service];
