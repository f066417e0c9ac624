import type { Report, ReportColumn } from '../model/report.ts';
import { printable } from '../model/text.ts';
import type { Finding } from '../model/verdict.ts';
import { escapeHtml } from './escape.ts';
import { findingTitles, outcomeWords, provable, shownName, stopsTheGate, unique } from './words.ts';

const nameLength = 200;
const messageLength = 1000;

interface TestCase {
  readonly name: string;
  readonly className: string;
  readonly result:
    | { readonly element: 'failure' | 'error'; readonly message: string; readonly type: string; readonly body: string }
    | { readonly element: 'skipped'; readonly message: string }
    | null;
}

/**
 * The report as JUnit XML, in the form that both the schema of Ant's JUnit task and that of Jenkins' xUnit plugin accept: one
 * suite, a test case a column and one for the data as a whole. A finding that the gate stops for is a failure; a column that
 * could not be judged is skipped, with the reason; a run without a verdict is an error.
 */
export function renderJunit(report: Report): string {
  const names = unique(report.columns.map(({ name }) => shownName(name, nameLength)));
  const tests = [whole(report), ...report.columns.map((column, i) => ofColumn(report, column, names[i]!))];
  const count = (element: string) => tests.filter(({ result }) => result?.element === element).length;
  const noted = report.findings.filter((finding) => !stopsTheGate(report, finding));
  const suite = attributes({
    name: 'driftgate',
    package: 'driftgate',
    id: 0,
    // the schema takes no time zone: UTC
    timestamp: moment(report.run.startedAt),
    // the report does not say on which machine it was made; this is what the schema asks for then
    hostname: 'localhost',
    tests: tests.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(report.run.durationMs),
  });
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${suite}>`,
    '    <properties>',
    ...Object.entries(properties(report)).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...tests.flatMap((test) => testCase(test).map((line) => `    ${line}`)),
    `    <system-out>${xml(noted.map((finding) => sentence(finding)).join('\n'), Number.POSITIVE_INFINITY, '\n')}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function properties({ gate, tool, datasets, config }: Report): Record<string, string | number> {
  return {
    status: gate.status,
    exitCode: gate.exitCode,
    failOn: gate.failOn,
    version: tool.version,
    engine: tool.engine,
    referenceRows: datasets.reference.rows,
    currentRows: datasets.current.rows,
    configSha256: config.sha256,
  };
}

/** What is said of no column that is there, and whether there was a verdict at all. */
function whole(report: Report): TestCase {
  const { status, reason } = report.gate;
  const columns = new Set<string | null>(report.columns.map(({ name }) => name));
  const findings = report.findings.filter(({ column }) => !columns.has(column));
  const failed = failure(report, findings);
  const result: TestCase['result'] =
    failed === null && status === 'no-verdict'
      ? { element: 'error', message: reason, type: 'NO_VERDICT', body: reason }
      : failed;
  return { name: 'the data as a whole', className: 'driftgate.gate', result };
}

function ofColumn(report: Report, column: ReportColumn, name: string): TestCase {
  const untold = column.outcome === 'undetermined' || column.outcome === 'not-tested';
  const why = [
    column.error === null ? column.reason : `could not be measured: ${column.error}`,
    ...[provable(column) ?? []].flat(),
  ].join('; ');
  return {
    name,
    className: `driftgate.${column.role}`,
    result:
      failure(report, column.findings) ??
      (untold ? { element: 'skipped', message: `${outcomeWords[column.outcome].word}: ${why}` } : null),
  };
}

/** All findings of one test case as one failure: more than one is not allowed. */
function failure(report: Report, findings: readonly Finding[]): TestCase['result'] {
  const stopping = findings.filter((finding) => stopsTheGate(report, finding));
  const [first] = stopping;
  if (first === undefined) return null;
  const more = stopping.length > 1 ? ` (and ${stopping.length - 1} more)` : '';
  return {
    element: 'failure',
    message: `${first.severity} ${findingTitles[first.code]}${more}`,
    type: first.code,
    body: stopping.map((finding) => sentence(finding)).join('\n'),
  };
}

function sentence({ severity, code, message }: Finding): string {
  return `${severity} ${findingTitles[code]}: ${printable(message, messageLength)}`;
}

function testCase({ name, className, result }: TestCase): string[] {
  const open = `<testcase${attributes({ name, classname: className, time: '0' })}`;
  if (result === null) return [`${open}/>`];
  if (result.element === 'skipped') {
    return [`${open}>`, `  <skipped${attributes({ message: result.message })}/>`, '</testcase>'];
  }
  const { element, message, type, body } = result;
  return [
    `${open}>`,
    `  <${element}${attributes({ message, type })}>${xml(body, Number.POSITIVE_INFINITY, '\n')}</${element}>`,
    '</testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value), messageLength)}"`)
    .join('');
}

/**
 * Text from the data as XML 1.0: what the standard forbids (control characters, lone surrogates, U+FFFE and U+FFFF) is written as
 * an escape, as are direction and invisible characters.
 *
 * @param separator between lines that are our own
 */
function xml(raw: string, limit: number, separator = ''): string {
  const lines = separator === '' ? [raw] : raw.split(separator);
  return lines.map((line) => escapeHtml(line, limit)).join(separator);
}

/** `2026-11-06T06:30:04`, in UTC. */
function moment(startedAt: string): string {
  const time = Date.parse(startedAt);
  const text = Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 19);
  // years beyond 9999 have a sign and more digits
  return /^\d{4}-/.test(text) ? text : '1970-01-01T00:00:00';
}

/** Without thousands or exponent; the one schema takes at most what the other does. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
