/**
 * The public API: what the command line can do, a program can do. Everything heavy (the engine, the parsers, the renderers) is
 * imported by the function that needs it.
 */

import type { CompareOptions } from './compare.ts';
import type { Flags } from './config/flags.ts';
import type { ColumnDescription } from './config/initial.ts';
import type { ConfigRequest, LoadedConfig } from './config/load.ts';
import type { CompareReport } from './model/compare.ts';
import type { Measure } from './model/measure.ts';
import type { QualityCheck } from './model/quality.ts';
import type { Report } from './model/report.ts';
import type { CheckOptions, SourceOptions } from './model/run.ts';
import type { SavedProfile } from './model/saved-profile.ts';
import type { ProfileOptions } from './profiling.ts';
import type { CompareFormat } from './report/compare/formats.ts';
import { type RenderFormat, type RenderOptions, renderings } from './report/registry.ts';

export type { CompareOptions } from './compare.ts';
export type { Flags } from './config/flags.ts';
export type { ColumnDescription } from './config/initial.ts';
export type { LoadedConfig } from './config/load.ts';
export {
  configFileNames,
  defaultMeasures,
  expected,
  type Flag,
  flagName,
  oneOf,
  type Setting,
  settings,
  type ValueType,
} from './config/options.ts';
export type { CompareReport } from './model/compare.ts';
export { DriftError, type ErrorCode } from './model/errors.ts';
export type { Kind, Measure, MeasureResult, Moments } from './model/measure.ts';
export type { ColumnProfile, NumericProfile, Role } from './model/profile.ts';
export type { QualityCheck, QualityId, QualityResult } from './model/quality.ts';
export {
  type Distribution,
  type Report,
  type ReportColumn,
  type ReportedMeasure,
  reportSchemaVersion,
} from './model/report.ts';
export type {
  CheckOptions,
  ConfigRecord,
  CsvOptions,
  DatasetInfo,
  Format,
  InputFile,
  Progress,
  SourceOptions,
} from './model/run.ts';
export type { SavedProfile } from './model/saved-profile.ts';
export type {
  ColumnSettings,
  Severity,
  SeverityRule,
  Tolerance,
  Tolerances,
  VerdictSettings,
} from './model/settings.ts';
export type { ColumnVerdict, Finding, FindingCode, GateStatus, Outcome, Verdict } from './model/verdict.ts';
export type { ProfileOptions } from './profiling.ts';
export {
  type CompareFormat,
  compareFileNames,
  compareFormats,
  defaultCompareFormats,
} from './report/compare/formats.ts';
export { type RenderFormat, type Rendering, type RenderOptions, renderings } from './report/registry.ts';
export { version } from './version.ts';

/**
 * Compares the current data with the reference.
 *
 * @throws {DriftError} when there cannot be a report; too few rows or an undecided column is no error but a verdict
 */
export async function check(options: CheckOptions): Promise<Report> {
  // the engine starts on threads of its own while the rest is loaded
  const { Engines } = await import('./engine/engines.ts');
  const engines = new Engines(options);
  options.signal?.addEventListener('abort', () => engines.interrupt(), { once: true });
  engines.prepare(options.reference);
  return (await import('./check.ts')).check(options, engines);
}

/**
 * The columns of a dataset with the role and the kind each would be given.
 *
 * @throws {DriftError} when the data cannot be read
 */
export async function describeColumns(
  source: SourceOptions,
  signal?: AbortSignal,
): Promise<readonly ColumnDescription[]> {
  return (await import('./describe.ts')).describeColumns(source, signal);
}

/** Every measure that a report can show. */
export async function listMeasures(): Promise<readonly Measure[]> {
  return (await import('./drift/registry.ts')).measures;
}

/**
 * A complete run from flags and driftgate.yaml. Flags win over the file, the file over the defaults.
 *
 * @throws {DriftError} FILE_NOT_FOUND, BAD_CONFIG, BAD_OPTION, UNKNOWN_MEASURE
 */
export async function loadConfig(request: Omit<ConfigRequest, 'measures'>): Promise<LoadedConfig> {
  const [{ loadConfig }, measures] = await Promise.all([import('./config/load.ts'), listMeasures()]);
  return loadConfig({ ...request, measures });
}

/**
 * Where the rows of the reference come from, by flags alone, and those flags as settings of driftgate.yaml.
 *
 * @param environment where the secrets of a server may stand
 *
 * @throws {DriftError} BAD_OPTION
 */
export async function loadReference(
  flags: Flags,
  folder = '.',
  environment: NonNullable<ConfigRequest['environment']> = {},
): Promise<{ source: SourceOptions; values: Readonly<Record<string, unknown>> }> {
  return (await import('./config/load.ts')).referenceFromFlags(flags, folder, environment);
}

/** A commented driftgate.yaml for the described columns; `values` are written as they are, everything else at its default. */
export async function initialConfig(
  values: Readonly<Record<string, unknown>>,
  columns: readonly ColumnDescription[],
): Promise<string> {
  return (await import('./config/initial.ts')).initialConfig(values, columns);
}

/** A report in one of the formats of {@link renderings}. */
export async function render(report: Report, format: RenderFormat, options: RenderOptions): Promise<string> {
  const rendering = renderings.find((candidate) => candidate.format === format)!;
  const draw = await rendering.load();
  return draw(report, options);
}

/**
 * Why a run ended as it did, in plain words for a terminal.
 *
 * @param column null for the gate: which findings decide
 * @throws {DriftError} UNKNOWN_COLUMN
 */
export async function explainReport(report: Report, column: string | null, options: RenderOptions): Promise<string> {
  return (await import('./report/explain.ts')).explain(report, column, options);
}

/**
 * Two versions of a model on one log, e.g. of a shadow deployment.
 *
 * @throws {DriftError} when there is nothing to compare: no version of that name, no prediction and no score
 */
export async function compare(options: CompareOptions): Promise<CompareReport> {
  return (await import('./compare.ts')).compare(options);
}

/**
 * The profile of a data set, which a later check can have for its reference.
 *
 * @throws {DriftError} when the data cannot be read
 */
export async function profile(options: ProfileOptions): Promise<SavedProfile> {
  return (await import('./profiling.ts')).profile(options);
}

/**
 * Profiles of parts as the profile of the whole.
 *
 * @throws {DriftError} FILE_NOT_FOUND, BAD_PROFILE when they were counted over different cells
 */
export async function mergeProfiles(paths: readonly string[]): Promise<SavedProfile> {
  return (await import('./profiling.ts')).merge(paths);
}

/** A profile as it is written to a file. */
export async function renderProfile(profile: SavedProfile, gzip: boolean): Promise<Buffer> {
  const [{ printProfile }, { profileBytes }] = await Promise.all([
    import('./profile/saved/write.ts'),
    import('./profile/saved/file.ts'),
  ]);
  return profileBytes(printProfile(profile), gzip);
}

/** A comparison in one of {@link compareFormats}. */
export async function renderComparison(
  report: CompareReport,
  format: CompareFormat,
  options: RenderOptions,
): Promise<string> {
  return (await import('./report/compare/render.ts')).renderComparison(report, format, options);
}

/** Every data-quality check. */
export async function listQualityChecks(): Promise<readonly QualityCheck[]> {
  return (await import('./quality/registry.ts')).qualityChecks;
}

/**
 * A saved report.
 *
 * @param source what to call the text in an error
 * @throws {DriftError} BAD_REPORT
 */
export async function parseReport(text: string, source: string): Promise<Report> {
  return (await import('./report/json.ts')).parseReport(text, source);
}

/**
 * A saved report or a saved comparison, which its `kind` tells.
 *
 * @param source what to call the text in an error
 * @throws {DriftError} BAD_REPORT
 */
export async function parseSaved(text: string, source: string): Promise<Report | CompareReport> {
  return (await import('./report/json.ts')).parseSaved(text, source);
}
