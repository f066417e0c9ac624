import { check } from '../../src/check.ts';
import { defaultMeasures } from '../../src/config/options.ts';
import type { Report, ReportColumn } from '../../src/model/report.ts';
import type { CheckOptions } from '../../src/model/run.ts';
import { defaultVerdictSettings } from '../../src/verdict/tolerances.ts';

/** A run with defaults over files, as a program would start it. */
export function checkFiles(reference: string, current: string, more: Partial<CheckOptions> = {}): Promise<Report> {
  return check({ ...checkOptions(reference, current), ...more });
}

/** All defaults. */
export function checkOptions(reference: string, current: string): CheckOptions {
  return {
    reference: { paths: [reference] },
    current: { paths: [current] },
    verdict: defaultVerdictSettings,
    measures: defaultMeasures,
    threads: 2,
    exact: false,
    hash: 'ends',
    config: { file: null, sha256: '', values: {} },
  };
}

export function columnNamed(report: Report, name: string): ReportColumn {
  const column = report.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`the report has no column ${name}`);
  return column;
}
