import { DriftError } from '../model/errors.ts';
import { type Report, reportSchemaVersion } from '../model/report.ts';
import { printable } from '../model/text.ts';
import { reportShape } from './report-shape.ts';
import { Mismatch } from './shape.ts';

/**
 * The report as JSON: keys in the order of the contract, so that the same report is always the same bytes.
 *
 * @throws {Error} a defect of ours, when a value is not what the contract says (NaN, infinite, undefined, an unknown key)
 */
export function renderJson(report: Report): string {
  let canonical: Report;
  try {
    canonical = reportShape.read(report, '', 'refuse');
  } catch (cause) {
    if (!(cause instanceof Mismatch)) throw cause;
    throw new Error(`the report breaks its own contract: ${cause.message}`, { cause });
  }
  return printJson(canonical);
}

/**
 * A saved report. Keys that a later tool of the same contract added are dropped.
 *
 * @param source what to call the text in an error, e.g. the file's name
 * @throws {DriftError} BAD_REPORT when it is not JSON, not a driftgate report, of another contract, or damaged
 */
export function parseReport(text: string, source = 'the report'): Report {
  const bad = (what: string, cause?: unknown) => new DriftError('BAD_REPORT', `${source} ${what}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (cause) {
    throw bad(`is not JSON: ${printable((cause as Error).message, 200)}`, cause);
  }
  const head = value as { readonly schemaVersion?: unknown; readonly tool?: { readonly name?: unknown } } | null;
  if (head?.tool?.name !== 'driftgate') {
    throw bad('is not a driftgate report; expected the report.json that "driftgate check" wrote');
  }
  const { schemaVersion } = head;
  if (typeof schemaVersion === 'number' && Number.isInteger(schemaVersion) && schemaVersion !== reportSchemaVersion) {
    const [age, remedy] = schemaVersion > reportSchemaVersion ? ['a newer', 'update driftgate'] : ['an older', again];
    throw bad(
      `was written by ${age} driftgate: report version ${schemaVersion}, this one reads version ${reportSchemaVersion}; ${remedy}`,
    );
  }
  try {
    return reportShape.read(value, '', 'drop');
  } catch (cause) {
    if (!(cause instanceof Mismatch)) throw cause;
    const { missing } = cause;
    throw bad(
      missing === null
        ? `is damaged: ${printable(cause.message, 300)}`
        : `lacks ${printable(missing, 200)}: it is damaged, or of an older driftgate than this one reads; ${again}`,
      cause,
    );
  }
}

const again = 'run "driftgate check" again';

/** A list or an object of plain values stands on one line when the line is no longer than this. */
const lineWidth = 100;

/**
 * JSON that diffs well and stays small: two spaces a level, short lists and objects of plain values on one line, lists of
 * numbers always.
 */
export function printJson(value: unknown): string {
  const lines: string[] = [];
  print(value, '', '', '', lines);
  return `${lines.join('\n')}\n`;
}

function print(value: unknown, indent: string, before: string, after: string, lines: string[]): void {
  const start = indent + before;
  if (!isContainer(value)) {
    lines.push(start + JSON.stringify(value) + after);
    return;
  }
  const isArray = Array.isArray(value);
  if (isArray && value.length > 0 && value.every((member) => Number.isFinite(member))) {
    lines.push(`${start}[${value.join(', ')}]${after}`);
    return;
  }
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  const entries = Object.entries(value).map(
    ([key, member]) => [isArray ? '' : `${JSON.stringify(key)}: `, member as unknown] as const,
  );
  if (!entries.some(([, member]) => isContainer(member))) {
    const members = entries.map(([key, member]) => key + JSON.stringify(member)).join(', ');
    const inside = isArray || members === '' ? members : ` ${members} `;
    const line = `${start}${open}${inside}${close}${after}`;
    if (line.length <= lineWidth) {
      lines.push(line);
      return;
    }
  }
  lines.push(start + open);
  const last = entries.length - 1;
  entries.forEach(([key, member], i) => {
    print(member, `${indent}  `, key, i === last ? '' : ',', lines);
  });
  lines.push(indent + close + after);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
