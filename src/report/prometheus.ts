import type { Report, ReportColumn } from '../model/report.ts';
import { type Severity, severities } from '../model/settings.ts';
import type { GateStatus } from '../model/verdict.ts';
import * as outcomesSection from './sections/outcomes.ts';
import { missingRows, outcomes, shownName, statusWords, unique } from './words.ts';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * The report as metrics that node_exporter's textfile collector and an OpenMetrics parser both read: gauges alone, each family
 * in one piece, no blank lines, no timestamps, and at the end `# EOF`, which OpenMetrics demands and the older format skips as a
 * comment.
 */
export function renderPrometheus(report: Report): string {
  const lines = families(report)
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, samples }) => [
      `# HELP driftgate_${name} ${help}`,
      `# TYPE driftgate_${name} gauge`,
      ...samples.map(({ labels, value }) => `driftgate_${name}${labelSet(labels)} ${number(value)}`),
    ]);
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

const statuses = Object.keys(statusWords) as readonly GateStatus[];
const sides = ['reference', 'current'] as const;

function families(report: Report): Family[] {
  const { gate, run, datasets, findings, tool, config } = report;
  // two series with the same labels would make a reader refuse the whole file
  const names = unique(report.columns.map(({ name }) => shownName(name, 200)));
  const ofColumns = (
    name: string,
    help: string,
    samples: (
      column: ReportColumn,
    ) => readonly (readonly [labels: Sample['labels'], value: number | null | undefined])[],
  ): Family => ({
    name,
    help,
    samples: report.columns.flatMap((column, i) =>
      samples(column).flatMap(([labels, value]) =>
        value === null || value === undefined
          ? []
          : [{ labels: { column: names[i]!, role: column.role, ...labels }, value }],
      ),
    ),
  });
  const tested = ({ outcome }: ReportColumn) => outcome !== 'not-tested';
  const started = Date.parse(run.startedAt);
  return [
    {
      name: 'build_info',
      help: 'Versions and configuration of the run; always 1.',
      samples: [{ labels: { version: tool.version, engine: tool.engine, config_sha256: config.sha256 }, value: 1 }],
    },
    {
      name: 'run_timestamp_seconds',
      help: 'When the run started, in seconds since 1970 UTC.',
      samples: Number.isNaN(started) ? [] : [{ labels: {}, value: started / 1000 }],
    },
    {
      name: 'run_duration_seconds',
      help: 'How long the run took.',
      samples: [{ labels: {}, value: run.durationMs / 1000 }],
    },
    {
      name: 'exit_code',
      help: 'Verdict of the gate: 0 passed, 1 breached, 2 no verdict.',
      samples: [{ labels: {}, value: gate.exitCode }],
    },
    {
      name: 'gate_status',
      help: '1 for the verdict of the gate, 0 for the others.',
      samples: statuses.map((status) => ({ labels: { status }, value: gate.status === status ? 1 : 0 })),
    },
    {
      name: 'findings',
      help: 'Findings by severity.',
      samples: severities.map((severity) => ({
        labels: { severity },
        value: findings.filter((finding) => finding.severity === severity).length,
      })),
    },
    {
      name: 'columns',
      help: 'Columns by outcome.',
      samples: outcomes.map((outcome) => ({ labels: { outcome }, value: gate.counts[outcome] })),
    },
    {
      name: 'rows',
      help: 'Rows that were read and passed the filter.',
      samples: sides.map((side) => ({ labels: { side }, value: datasets[side].rows })),
    },
    {
      name: 'rejected_rows',
      help: 'Malformed rows that were left out.',
      samples: sides.map((side) => ({ labels: { side }, value: datasets[side].rejectedRows })),
    },
    ofColumns('column_drifted', '1 when the column is proven to have drifted, else 0.', (column) =>
      tested(column) ? [[{}, column.outcome === 'drift' ? 1 : 0]] : [],
    ),
    ofColumns('column_undetermined', '1 when neither drift nor stability could be proven, else 0.', (column) =>
      tested(column) ? [[{}, column.outcome === 'undetermined' ? 1 : 0]] : [],
    ),
    ofColumns(
      'column_severity',
      'Worst severity of the findings: 1 page someone, 2 investigate, 3 daily report, 0 none.',
      (column) => [[{}, severityNumber(column.severity)]],
    ),
    ofColumns('column_phi_squared', 'Drift of the column on the scale of PSI.', ({ gating }) => [
      [{}, gating?.phiSquared],
    ]),
    ofColumns(
      'column_phi_squared_bound',
      'Bounds of the drift in the population, each at the alpha of the run.',
      ({ gating }) => [
        [{ bound: 'lower' }, gating?.interval[0]],
        [{ bound: 'upper' }, gating?.interval[1]],
      ],
    ),
    ofColumns('column_phi_squared_tolerance', 'Drift that is still acceptable.', ({ gating }) => [
      [{ level: 'warn' }, gating?.tolerance.warn.phiSquared],
      [{ level: 'fail' }, gating?.tolerance.fail.phiSquared],
    ]),
    ofColumns(
      'column_phi_squared_smallest_provable',
      'Smallest drift that a batch of this size can prove to be beyond the warn tolerance.',
      ({ gating }) => [[{}, gating?.smallestProvable]],
    ),
    ofColumns('column_cell_change_ratio', 'Largest change of the share of one range or category.', ({ gating }) => {
      const change = gating?.largestCellChange;
      return [[{}, change ? Math.abs(change.current - change.reference) : null]];
    }),
    ofColumns('column_missing_ratio', 'Share of the rows without a usable value.', (column) =>
      sides.map((side) => {
        const profile = column[side];
        return [{ side }, profile === null || profile.rows === 0 ? null : missingRows(profile) / profile.rows] as const;
      }),
    ),
    ...outcomesSection.prometheusFamilies(report),
  ];
}

function severityNumber(severity: Severity | null): number {
  return severity === null ? 0 : severities.indexOf(severity) + 1;
}

function labelSet(labels: Sample['labels']): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return '';
  return `{${entries.map(([name, value]) => `${name}="${label(value)}"`).join(',')}}`;
}

/** The three characters that both formats escape; every other one stands for itself. */
function label(value: string): string {
  return value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));
}

/** A double as it is, in a form that Go's parser reads as well. */
function number(value: number): string {
  return String(value);
}
