import type { Kind } from './measure.ts';
import type { OutcomeSettings } from './outcomes.ts';
import type { Secret } from './secret.ts';
import type { VerdictSettings } from './settings.ts';

export const formats = ['parquet', 'csv', 'jsonl', 'arrow'] as const;
export type Format = (typeof formats)[number];

/** How to read a delimited file when the documented rules should not decide. */
export interface CsvOptions {
  readonly delimiter?: string;
  readonly decimal?: '.' | ',';
  readonly header?: boolean;
  /** cells that mean "no value" in every column, instead of the documented list */
  readonly nulls?: readonly string[];
  /** utf-8, utf-16, latin-1, windows-1252 */
  readonly encoding?: string;
}

/** A Trino server and how it is spoken with. */
export interface TrinoServer {
  /** `https://host:8443` */
  readonly origin: string;
  readonly user: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly password?: Secret;
  readonly token?: Secret;
  /** PEM of the authorities that are trusted, in place of the usual ones */
  readonly authority?: string;
  /** PEM of the client's certificate, which may hold its key as well */
  readonly certificate?: string;
  readonly key?: Secret;
  /** longest time for one query */
  readonly timeoutMs: number;
  /** session properties */
  readonly session: Readonly<Record<string, string>>;
}

/** Where one side's rows come from. */
export interface SourceOptions {
  /** files, globs, folders, or `-` for CSV on standard input; with `server` the name of one table */
  readonly paths: readonly string[];
  /** the side is a table of this server */
  readonly server?: TrinoServer;
  readonly format?: Format;
  readonly csv?: CsvOptions;
  /** what the user says of columns: text most of which reads so is read so, and what does not is counted */
  readonly kinds?: Readonly<Record<string, Kind>>;
  /** an SQL predicate over the columns' own names */
  readonly where?: string;
  /** keeps the order of the rows, so that they can be counted in blocks */
  readonly ordered?: boolean;
  /** standard input, for the path `-` */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/** Labels that lie in files of their own. */
export interface LabelSource extends SourceOptions {
  /** the column of the log, and that of the labels, that say which label is whose */
  readonly key: string;
  readonly labelKey: string;
  /** the column that holds the label; undefined: found by its name */
  readonly column?: string;
  /** the column that says when a label came; undefined: found by its name and type */
  readonly time?: string;
}

/** Which rows of the current data count, by their time; seconds since 1970 UTC. */
export interface Period {
  /** from this moment on */
  readonly since?: number;
  /** before this moment */
  readonly until?: number;
  /** so many seconds before the newest row, or before now */
  readonly last?: { readonly seconds: number; readonly from: 'newest' | 'now' };
}

/** One run of `check`: complete, defaults and config file merged in. */
export interface CheckOptions {
  readonly reference: SourceOptions;
  readonly current: SourceOptions;
  /** only the current rows of this time; absent for all */
  readonly period?: Period;
  /** only the rows of the current side that this version of the model wrote */
  readonly modelVersion?: string;
  /** the same of the reference: two versions in one log are compared */
  readonly referenceVersion?: string;
  readonly verdict: VerdictSettings;
  /** what the data is split by: each entry one column, or several whose values are combined */
  readonly segments?: readonly (readonly string[])[];
  /** how much the model makes of each column, by name, on one scale of the user's */
  readonly importances?: Readonly<Record<string, number>>;
  /** labels of the current side that came later; undefined: those of the log, if it has any */
  readonly labels?: LabelSource;
  /** how outcomes are measured and judged; undefined: as {@link OutcomeSettings} has it by default */
  readonly outcomes?: OutcomeSettings;
  /** by which the names of redacted categories were hashed; never written anywhere */
  readonly salt?: string;
  /** ids of the measures to show, beside the gating ones */
  readonly measures: readonly string[];
  /** columns with more values than a table holds are read out whole, so that every measure is that of the raw data */
  readonly exact: boolean;
  readonly threads?: number;
  /** e.g. `2GB`; the engine's own budget, spilled to the temporary folder beyond */
  readonly memoryLimit?: string;
  /** content hash of the input files: the ends of each file, or every byte */
  readonly hash: 'ends' | 'full';
  /** the effective configuration as the user would write it, for the audit trail */
  readonly config: ConfigRecord;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface ConfigRecord {
  /** the file it came from; null when there was none */
  readonly file: string | null;
  /** SHA-256 of the effective settings, canonical JSON */
  readonly sha256: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Progress {
  /** what is happening, e.g. `reading reference` */
  readonly step: string;
  /** 0 … 1 over the whole run */
  readonly fraction: number;
}

/** One input file as it was when read. */
export interface InputFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** ISO 8601, UTC */
  readonly modifiedAt: string;
  readonly sha256: string;
  /** what the hash covers */
  readonly hashOf: 'whole file' | 'footer' | 'size, first and last MiB';
}

/** A row that could not be read. */
export interface RejectedRow {
  readonly file: string;
  /** 1-based, the header counted */
  readonly line: number;
  readonly reason: string;
}

/** One query that a server answered; what it read is the server's own statement. */
export interface QueryRecord {
  /** the server's name for it */
  readonly id: string;
  /** of all its answers, as they came */
  readonly receivedBytes: number;
  readonly receivedRows: number;
  readonly scannedRows: number;
  readonly scannedBytes: number;
  /** that took part */
  readonly nodes: number;
  readonly durationMs: number;
  readonly cpuMs: number;
}

/** What a run asked of a server; differs from run to run. */
export interface ServerUse {
  /** without user or credentials, e.g. `https://host:8443` */
  readonly origin: string;
  readonly user: string;
  readonly receivedBytes: number;
  readonly queries: readonly QueryRecord[];
}

/** What was read, for the audit trail. */
export interface DatasetInfo {
  readonly paths: readonly string[];
  readonly format: Format | 'table';
  readonly files: readonly InputFile[];
  /** rows that were loaded and passed the filter */
  readonly rows: number;
  readonly where: string | null;
  /** malformed rows, counted and left out */
  readonly rejectedRows: number;
  /** the first of them */
  readonly rejected: readonly RejectedRow[];
  /** delimiter, decimal mark, encoding and the like, as decided, with the reason */
  readonly dialect: Readonly<Record<string, string>>;
  readonly columns: number;
  /** of a table: every query that was asked; absent for files */
  readonly server?: ServerUse;
}
