import { type CompareReport, compareSchemaVersion } from '../model/compare.ts';
import { DriftError } from '../model/errors.ts';
import { type Report, reportSchemaVersion } from '../model/report.ts';
import { printable } from '../model/text.ts';
import { compareShape } from './compare/shape.ts';
import { reportShape } from './report-shape.ts';
import { Mismatch, type Shape } from './shape.ts';

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
  const value = load(text, source);
  if (value.kind === 'compare') throw bad(source, `is a comparison of two versions; ${expected}`);
  return read(value, source, reportShape, reportSchemaVersion, 'check');
}

/** A saved report or a saved comparison, likewise. */
export function parseSaved(text: string, source = 'the report'): Report | CompareReport {
  const value = load(text, source);
  return value.kind === 'compare'
    ? read(value, source, compareShape, compareSchemaVersion, 'compare')
    : read(value, source, reportShape, reportSchemaVersion, 'check');
}

const expected = 'expected the report.json that "driftgate check" wrote';

function bad(source: string, what: string, cause?: unknown): DriftError {
  return new DriftError('BAD_REPORT', `${source} ${what}`, { cause });
}

interface Saved {
  readonly kind?: unknown;
  readonly schemaVersion?: unknown;
}

function load(text: string, source: string): Saved {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (cause) {
    throw bad(source, `is not JSON: ${printable((cause as Error).message, 200)}`, cause);
  }
  const head = value as (Saved & { readonly tool?: { readonly name?: unknown } }) | null;
  if (head?.tool?.name !== 'driftgate') throw bad(source, `is not a driftgate report; ${expected}`);
  return head;
}

function read<T>(value: Saved, source: string, shape: Shape<T>, version: number, command: string): T {
  const again = `run "driftgate ${command}" again`;
  const { schemaVersion } = value;
  if (typeof schemaVersion === 'number' && Number.isInteger(schemaVersion) && schemaVersion !== version) {
    const [age, remedy] = schemaVersion > version ? ['a newer', 'update driftgate'] : ['an older', again];
    throw bad(
      source,
      `was written by ${age} driftgate: report version ${schemaVersion}, this one reads version ${version}; ${remedy}`,
    );
  }
  try {
    return shape.read(value, '', 'drop');
  } catch (cause) {
    if (!(cause instanceof Mismatch)) throw cause;
    const { missing } = cause;
    throw bad(
      source,
      missing === null
        ? `is damaged: ${printable(cause.message, 300)}`
        : `lacks ${printable(missing, 200)}: it is damaged, or of an older driftgate than this one reads; ${again}`,
      cause,
    );
  }
}

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
