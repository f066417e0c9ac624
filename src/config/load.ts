import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { DriftError } from '../model/errors.ts';
import type { Kind, Measure } from '../model/measure.ts';
import {
  defaultOutcomeSettings,
  type GateableMetric,
  gateableMetrics,
  type OutcomeSettings,
} from '../model/outcomes.ts';
import type { Role } from '../model/profile.ts';
import { noFormat, type ReportFormat, reportFormats } from '../model/rendering.ts';
import type { CheckOptions, CsvOptions, Format, LabelSource, SourceOptions } from '../model/run.ts';
import type { LatencyPercentile, LatencyUnit } from '../model/service.ts';
import type {
  ColumnSettings,
  PredictionSettings,
  QualityRule,
  QualitySetting,
  ServiceSettings,
  Severity,
  SeverityRule,
  SeveritySetting,
  Tolerance,
  VerdictSettings,
} from '../model/settings.ts';
import { nearest, quoted } from '../model/text.ts';
import { defaultVerdictSettings, type Sensitivity, sensitivities } from '../verdict/tolerances.ts';
import { measureGateOf, type WrittenGate } from './column-gate.ts';
import { findConfigFile, readConfigFile } from './file.ts';
import { type Flags, flagLayer } from './flags.ts';
import { readImportances } from './importance.ts';
import { configFileNames, defaultFormats, defaultMeasures, metricKey, qualityKey, settings } from './options.ts';
import { isTree, type Layer, type Tree, validate, valueAt } from './schema.ts';
import { timeSettings, type WrittenTime } from './time.ts';
import { isTable, onlyTable, type Surroundings, trinoServer, type WrittenTrino } from './trino.ts';

export interface ConfigRequest {
  readonly flags: Flags;
  /** the folder that flags are relative to, and where driftgate.yaml is looked for */
  readonly folder: string;
  /** variables of the process, where secrets may stand */
  readonly environment?: Surroundings['environment'];
  /** measures that can be asked for */
  readonly measures: readonly Pick<Measure, 'id' | 'alias' | 'kinds'>[];
}

/** A run, ready to start. */
export interface LoadedConfig {
  readonly check: CheckOptions;
  /** the folder for the reports, relative to the request's folder; null for none */
  readonly out: string | null;
  /** the forms of the report to write there, each once, in the order of asking */
  readonly formats: readonly ReportFormat[];
  /** whether the job summary of GitHub Actions is wanted */
  readonly githubSummary: boolean;
  /** the file that was used without being named; null when there was none, or when it was named */
  readonly found: string | null;
}

/** The settings of the file and of the flags together, as written; the table's names and types hold. */
interface Merged extends WrittenTime {
  readonly reference?: Texts;
  readonly current?: Texts;
  readonly where?: string;
  readonly reference_where?: string;
  readonly where_both?: string;
  readonly model_version?: string;
  readonly input_format?: Format;
  readonly reference_format?: Format;
  readonly csv?: {
    readonly delimiter?: string;
    readonly decimal?: '.' | ',';
    readonly header?: boolean;
    readonly nulls?: Texts;
    readonly encoding?: string;
  };
  readonly engine?: string;
  readonly trino?: WrittenTrino;
  readonly hash?: 'ends' | 'full';
  readonly exact?: boolean;
  readonly columns?: Readonly<
    Record<
      string,
      {
        readonly role?: Role;
        readonly kind?: Kind;
        readonly tolerances?: WrittenLevels;
        readonly gate?: WrittenGate;
        readonly class?: string;
      }
    >
  >;
  readonly segments?: string | readonly Texts[];
  readonly importance?: string | Readonly<Record<string, number>>;
  readonly gate?: { readonly fail_on?: Severity; readonly min_rows?: number; readonly strict?: boolean };
  readonly alpha?: number;
  readonly false_alarms_per_year?: number;
  readonly runs_per_year?: number;
  readonly sensitivity?: Sensitivity;
  readonly noise?: VerdictSettings['noise'];
  readonly tolerances?: { readonly feature?: WrittenLevels; readonly prediction?: WrittenLevels };
  readonly severity?: Readonly<Partial<Record<SeverityRule, SeveritySetting>>>;
  readonly quality?: Readonly<Record<string, Partial<QualitySetting>>>;
  readonly predictions?: {
    readonly confidence_drop?: number;
    readonly threshold?: number;
    readonly score?: 'probability' | 'confidence';
    readonly invalid_share?: number;
    readonly min?: number;
    readonly max?: number;
    readonly out_of_bounds_share?: number;
  };
  readonly service?: {
    readonly latency_ms?: Readonly<Partial<Record<LatencyPercentile, number>>>;
    readonly error_rate?: number;
    readonly throughput_min?: number;
    readonly error_values?: Texts;
    readonly latency_unit?: LatencyUnit;
  };
  readonly labels?: {
    readonly path?: Texts;
    readonly join_key?: string;
    readonly where?: string;
    readonly column?: string;
    readonly timestamp?: string;
  };
  readonly outcomes?: {
    readonly task?: 'classification' | 'regression';
    readonly positive?: string;
    readonly threshold?: number;
    readonly metrics?: Texts;
    readonly drop?: { readonly warn?: number; readonly fail?: number };
    readonly baseline?: Readonly<Record<string, number>>;
  };
  readonly measures?: Texts;
  readonly out?: string;
  readonly formats?: Texts;
  readonly github_summary?: boolean;
  readonly threads?: number;
  readonly memory_limit?: string;
}
type Texts = string | readonly string[];
interface WrittenTolerance {
  readonly phi_squared?: number;
  readonly cell_change?: number;
}
interface WrittenLevels {
  readonly warn?: WrittenTolerance;
  readonly fail?: WrittenTolerance;
}

const levels = ['warn', 'fail'] as const;
const scales = ['phi_squared', 'cell_change'] as const;

/**
 * Flags over the file over the defaults, as one complete run.
 *
 * @throws {DriftError} FILE_NOT_FOUND, BAD_CONFIG, BAD_OPTION, UNKNOWN_MEASURE
 */
export async function loadConfig({ flags, folder, measures, environment = {} }: ConfigRequest): Promise<LoadedConfig> {
  const named = typeof flags.config === 'string' ? flags.config : null;
  const found = named === null && flags.config !== false ? await findConfigFile(folder) : null;
  const file = named ?? found;
  const fileLayer = file === null ? null : await readConfigFile(file, folder);
  const layers = [...(fileLayer === null ? [] : [fileLayer]), flagLayer(flags)];
  for (const layer of layers) {
    validate(layer);
    refuseBoth(layer, ['alpha'], ['false_alarms_per_year']);
  }
  const tree = layers.map((layer) => layer.values).reduce(overlay, {});
  const merged = tree as Merged;

  /** the source that a setting was taken from */
  const layerOf = (path: readonly string[]) => layers.findLast((layer) => valueAt(layer.values, path) !== undefined)!;
  const fail = (path: readonly string[], text: string): never => {
    const layer = layerOf(path);
    throw new DriftError(layer.code, `${layer.place(path, 'value')}${layer.name(path)} ${text}`);
  };
  /** paths in the file are relative to its folder */
  const located = (key: string, path: string): string =>
    file !== null && layerOf(key.split('.')) === fileLayer ? rebased(path, dirname(file)) : path;
  const server =
    merged.engine === undefined
      ? undefined
      : trinoServer(merged.engine, merged.trino ?? {}, {
          environment,
          folder,
          fail,
          located: (key, path) => located(`trino.${key}`, path),
        });

  const side = (key: 'reference' | 'current'): SourceOptions => {
    const source = sourceOf(merged, key);
    if (!source) {
      const place = `"${key}" in ${file ?? configFileNames[0]}`;
      throw new DriftError('BAD_OPTION', `no ${key} data; give --${key} PATH, or ${place}`);
    }
    const paths = source.paths.map((path) => located(key, path));
    const tables = source.paths.filter((path, i) => isTable(path, folder) && isTable(paths[i]!, folder));
    if (server !== undefined && onlyTable(key, source.paths, tables.length)) return { ...source, server };
    return { ...source, paths };
  };
  const reference = side('reference');
  const current = side('current');
  if (reference.paths.includes('-') && current.paths.includes('-')) {
    throw new DriftError(
      'BAD_OPTION',
      'standard input can be read once; only one of --reference and --current can be -',
    );
  }

  const labels = labelSource(merged, fail);
  if (labels !== undefined && current.server !== undefined) {
    fail(['labels', 'path'], 'names labels in a file, which do not meet the rows of a table; join them in a view');
  }
  if (merged.exact && (reference.server ?? current.server) !== undefined) {
    fail(['exact'], 'reads every single value, which stay where a table is; leave it out');
  }
  const alpha = familyWiseError(merged, fail);
  const sensitivity = merged.sensitivity ?? 'standard';
  const tolerances = tolerancesOf(merged.tolerances, sensitivity);
  for (const role of ['feature', 'prediction'] as const) {
    requireOrder(['tolerances', role], tolerances[role], fail, layerOf);
  }
  const measureIds = resolveMeasures(texts(merged.measures ?? defaultMeasures), measures, () => {
    const layer = layerOf(['measures']);
    return { code: layer.code, place: layer.place(['measures'], 'value') };
  });
  if (flags.out === false && flags.format !== undefined) {
    throw new DriftError(
      'BAD_OPTION',
      '--format names what is written to --out, and --no-out writes nothing; keep one',
    );
  }
  const formats = resolveFormats(texts(merged.formats ?? defaultFormats), () => {
    const layer = layerOf(['formats']);
    return { code: layer.code, place: layer.place(['formats'], 'value') };
  });
  const { window, timeZone, staleAfter, period } = timeSettings(merged, defaultVerdictSettings, fail);
  const { failOn, minRows, strict } = defaultVerdictSettings.gate;
  const importances =
    typeof merged.importance === 'string'
      ? await readImportances(located('importance', merged.importance), folder)
      : merged.importance;
  const values = effectiveValues(tree, {
    ...(importances === undefined ? {} : { importance: importances }),
    sensitivity,
    tolerances,
    measures: measureIds,
  });
  const out = flags.out === false ? null : (merged.out ?? 'driftgate-report');
  return {
    found,
    out: out !== null && merged.out !== undefined ? located('out', out) : out,
    formats,
    githubSummary: merged.github_summary ?? false,
    check: {
      reference,
      current: window?.by === 'rows' ? { ...current, ordered: true } : current,
      ...(period === null ? {} : { period }),
      ...(merged.model_version === undefined ? {} : { modelVersion: merged.model_version }),
      verdict: {
        alpha,
        tolerances: {
          feature: { warn: tolerance(tolerances.feature.warn), fail: tolerance(tolerances.feature.fail) },
          prediction: { warn: tolerance(tolerances.prediction.warn), fail: tolerance(tolerances.prediction.fail) },
        },
        columns: columnSettings(merged.columns, measures, fail, layerOf),
        severity: { ...defaultVerdictSettings.severity, ...merged.severity },
        quality: qualityOf(merged.quality),
        predictions: predictionsOf(merged.predictions, merged.outcomes?.threshold, fail),
        service: serviceOf(merged.service),
        noise: merged.noise ?? defaultVerdictSettings.noise,
        window,
        timeZone,
        staleAfter,
        gate: {
          failOn: merged.gate?.fail_on ?? failOn,
          minRows: merged.gate?.min_rows ?? minRows,
          strict: merged.gate?.strict ?? strict,
        },
      },
      ...(merged.segments === undefined ? {} : { segments: segmentations(merged.segments) }),
      ...(importances === undefined ? {} : { importances }),
      ...(labels === undefined
        ? {}
        : { labels: { ...labels, paths: labels.paths.map((path) => located('labels.path', path)) } }),
      outcomes: outcomeSettings(merged.outcomes, fail, layerOf),
      measures: measureIds,
      ...(merged.threads === undefined ? {} : { threads: merged.threads }),
      ...(merged.memory_limit === undefined ? {} : { memoryLimit: merged.memory_limit.replace(' ', '') }),
      exact: merged.exact ?? false,
      hash: merged.hash ?? 'ends',
      config: { file, sha256: sha256(values), values },
    },
  };
}

function labelSource(merged: Merged, fail: (path: readonly string[], text: string) => never): LabelSource | undefined {
  const written = merged.labels ?? {};
  const { path, join_key: joined, where, column, timestamp } = written;
  if (path === undefined) {
    const [other] = Object.keys(written);
    if (other !== undefined) fail(['labels', other], 'sets nothing by itself; it goes with the path of the labels');
    return undefined;
  }
  if (joined === undefined)
    return fail(['labels', 'path'], 'needs a key by which labels meet their rows: --join-key COLUMN');
  const [key = '', labelKey = key, ...more] = joined.split('=').map((name) => name.trim());
  if (key === '' || labelKey === '' || more.length > 0) {
    fail(['labels', 'join_key'], `is ${quoted(joined)}; it takes a column that both have, or LOG_COLUMN=LABELS_COLUMN`);
  }
  if (texts(path).includes('-')) fail(['labels', 'path'], 'is -, and labels are not read from standard input');
  const csv = csvOptions(merged.csv);
  return {
    paths: texts(path),
    key,
    labelKey,
    ...(csv === undefined ? {} : { csv }),
    ...(where === undefined ? {} : { where }),
    ...(column === undefined ? {} : { column }),
    ...(timestamp === undefined ? {} : { time: timestamp }),
  };
}

function outcomeSettings(
  written: Merged['outcomes'],
  fail: (path: readonly string[], text: string) => never,
  layerOf: (path: readonly string[]) => Layer | undefined,
): OutcomeSettings {
  const { task, positive, threshold, metrics, drop: writtenDrop, baseline } = written ?? {};
  const drop = { ...defaultOutcomeSettings.drop, ...writtenDrop };
  if (drop.warn > drop.fail) {
    const atWarn = ['outcomes', 'drop', 'warn'];
    if (layerOf(atWarn)) fail(atWarn, `is ${drop.warn}, above the ${drop.fail} at fail; raise that as well`);
    fail(['outcomes', 'drop', 'fail'], `is ${drop.fail}, below the ${drop.warn} at warn; lower that as well`);
  }
  return {
    ...(task === undefined ? {} : { task }),
    ...(positive === undefined ? {} : { positive }),
    threshold: threshold ?? defaultOutcomeSettings.threshold,
    ...(metrics === undefined ? {} : { metrics: metricIds(texts(metrics), fail) }),
    drop,
    baseline: Object.fromEntries(
      gateableMetrics.flatMap((id) => {
        const value = baseline?.[metricKey(id)];
        return value === undefined ? [] : [[id, value]];
      }),
    ),
  };
}

function metricIds(
  asked: readonly string[],
  fail: (path: readonly string[], text: string) => never,
): readonly GateableMetric[] {
  const words = asked.flatMap((text) => text.split(',')).map((text) => text.trim());
  const chosen = words.map((word) => {
    const found = gateableMetrics.find((id) => id === word || metricKey(id) === word);
    if (found !== undefined) return found;
    const meant = nearest(word, gateableMetrics.map(metricKey));
    return fail(
      ['outcomes', 'metrics'],
      `names ${quoted(word)}; ${meant === undefined ? 'docs/outcomes.md lists the metrics' : `did you mean ${quoted(meant)}?`}`,
    );
  });
  return [...new Set(chosen)];
}

/** What the flags of a command that reads the reference alone say of it, and those of them that are settings of the file. */
export function referenceFromFlags(
  flags: Flags,
  folder: string,
  environment: Surroundings['environment'],
): { source: SourceOptions; values: Tree } {
  const layer = flagLayer(flags);
  validate(layer);
  const source = sourceOf(layer.values as Merged, 'reference');
  if (!source) throw new DriftError('BAD_OPTION', 'no reference data; give --reference PATH');
  const { engine } = layer.values as Merged;
  const tables = source.paths.filter((path) => isTable(path, folder));
  if (engine === undefined || !onlyTable('reference', source.paths, tables.length))
    return { source, values: layer.values };
  const fail = (path: readonly string[], text: string): never => {
    throw new DriftError(layer.code, `${layer.name(path)} ${text}`);
  };
  const server = trinoServer(engine, {}, { environment, folder, fail, located: (_, path) => path });
  return { source: { ...source, server }, values: layer.values };
}

function sourceOf(merged: Merged, key: 'reference' | 'current'): SourceOptions | undefined {
  const paths = merged[key];
  if (paths === undefined) return undefined;
  const format = (key === 'reference' ? merged.reference_format : undefined) ?? merged.input_format;
  const where = both(key === 'reference' ? merged.reference_where : merged.where, merged.where_both);
  const csv = csvOptions(merged.csv);
  return {
    paths: texts(paths),
    ...(format === undefined ? {} : { format }),
    ...(csv === undefined ? {} : { csv }),
    ...(where === undefined ? {} : { where }),
  };
}

function csvOptions(written: Merged['csv']): CsvOptions | undefined {
  if (!written || Object.keys(written).length === 0) return undefined;
  const { delimiter, nulls, ...rest } = written;
  return {
    ...rest,
    ...(delimiter === undefined ? {} : { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(nulls === undefined ? {} : { nulls: texts(nulls) }),
  };
}

function texts(written: Texts): readonly string[] {
  return typeof written === 'string' ? [written] : written;
}

/** Each entry one column, or several that are combined. */
function segmentations(written: string | readonly Texts[]): readonly (readonly string[])[] {
  return (typeof written === 'string' ? [written] : written).map((entry) => [...new Set(texts(entry))]);
}

/** Two predicates as one; each on lines of its own, so that a comment in the first ends there. */
function both(first: string | undefined, second: string | undefined): string | undefined {
  return first !== undefined && second !== undefined ? `(${first}\n) AND (${second}\n)` : (first ?? second);
}

/** A path written in a file, seen from where the file was named; standard input and addresses stay as they are. */
function rebased(path: string, folder: string): string {
  return path === '-' || isAbsolute(path) || /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? path : join(folder, path);
}

function refuseBoth(layer: Layer, first: readonly string[], second: readonly string[]): void {
  if (valueAt(layer.values, first) === undefined || valueAt(layer.values, second) === undefined) return;
  throw new DriftError(
    layer.code,
    `${layer.place(second, 'key')}${layer.name(second)} and ${layer.name(first)} both set the error of a run; keep one`,
  );
}

/**
 * Lays the stronger settings over the weaker, leaf by leaf. What is another way of saying the same goes as a whole: a budget
 * of false alarms replaces alpha and the reverse, and a sensitivity replaces the tolerances below it.
 */
function overlay(weaker: Tree, stronger: Tree): Tree {
  const has = (key: string) => stronger[key] !== undefined;
  const dropped = [
    ...(has('false_alarms_per_year') ? ['alpha'] : []),
    ...(has('alpha') ? ['false_alarms_per_year', 'runs_per_year'] : []),
    ...(has('sensitivity') ? ['tolerances'] : []),
  ];
  return merge(Object.fromEntries(Object.entries(weaker).filter(([key]) => !dropped.includes(key))), stronger);
}

function merge(weaker: Tree, stronger: Tree): Tree {
  // without a prototype: names of columns are keys
  const result: Record<string, unknown> = Object.create(null);
  for (const source of [weaker, stronger]) {
    for (const [key, value] of Object.entries(source)) {
      const below = result[key];
      if (isTree(value)) result[key] = merge(isTree(below) ? below : {}, value);
      // a map whose settings are all commented out is null in YAML, and says nothing
      else if (value !== null) result[key] = value;
    }
  }
  return result;
}

function familyWiseError(
  { alpha, false_alarms_per_year: falseAlarms, runs_per_year: runs }: Merged,
  fail: (path: readonly string[], text: string) => never,
): number {
  if (falseAlarms === undefined) {
    if (runs !== undefined) fail(['runs_per_year'], 'sets nothing by itself; it goes with false_alarms_per_year');
    return alpha ?? defaultVerdictSettings.alpha;
  }
  if (runs === undefined) return fail(['false_alarms_per_year'], 'needs runs_per_year beside it');
  const budget = falseAlarms / runs;
  if (budget > 0.5) {
    fail(
      ['false_alarms_per_year'],
      `is ${falseAlarms} in ${runs} runs, an alpha of ${budget}; it takes at most half as many as runs`,
    );
  }
  return budget;
}

type CompleteLevels = Record<(typeof levels)[number], Record<(typeof scales)[number], number>>;

function tolerancesOf(
  written: Merged['tolerances'],
  sensitivity: Sensitivity,
): Record<'feature' | 'prediction', CompleteLevels> {
  const level = (base: Tolerance, own: WrittenTolerance | null | undefined) => ({
    phi_squared: own?.phi_squared ?? base.phiSquared,
    cell_change: own?.cell_change ?? base.cellChange,
  });
  const role = (name: 'feature' | 'prediction') => ({
    warn: level(sensitivities[sensitivity][name].warn, written?.[name]?.warn),
    fail: level(sensitivities[sensitivity][name].fail, written?.[name]?.fail),
  });
  return { feature: role('feature'), prediction: role('prediction') };
}

/** What is beyond `fail` is beyond `warn`: the family of tests rests on it. */
function requireOrder(
  path: readonly string[],
  { warn, fail: failing }: WrittenLevels,
  fail: (path: readonly string[], text: string) => never,
  layerOf: (path: readonly string[]) => Layer | undefined,
): void {
  for (const scale of scales) {
    const low = warn?.[scale];
    const high = failing?.[scale];
    if (low === undefined || high === undefined || low <= high) continue;
    const [atWarn, atFail] = [
      [...path, 'warn', scale],
      [...path, 'fail', scale],
    ] as const;
    if (layerOf(atWarn)) fail(atWarn, `is ${low}, above the ${high} at fail; raise that as well`);
    fail(atFail, `is ${high}, below the ${low} at warn; lower that as well`);
  }
}

function qualityOf(written: Merged['quality']): VerdictSettings['quality'] {
  const standard = Object.entries(defaultVerdictSettings.quality) as [QualityRule, QualitySetting][];
  return Object.fromEntries(
    standard.map(([id, setting]) => [id, { ...setting, ...written?.[qualityKey(id)] }]),
  ) as VerdictSettings['quality'];
}

function predictionsOf(
  written: Merged['predictions'],
  cut: number | undefined,
  fail: (path: readonly string[], text: string) => never,
): PredictionSettings {
  const standard = defaultVerdictSettings.predictions;
  const { min = standard.min, max = standard.max } = written ?? {};
  if (min !== null && max !== null && min > max) fail(['predictions', 'min'], `is ${min}, above the ${max} of max`);
  return {
    confidenceDrop: written?.confidence_drop ?? standard.confidenceDrop,
    threshold: written?.threshold ?? cut ?? standard.threshold,
    score: written?.score ?? standard.score,
    invalidShare: written?.invalid_share ?? standard.invalidShare,
    min,
    max,
    outOfBoundsShare: written?.out_of_bounds_share ?? standard.outOfBoundsShare,
  };
}

function serviceOf(written: Merged['service']): ServiceSettings {
  const standard = defaultVerdictSettings.service;
  return {
    latency: { ...standard.latency, ...written?.latency_ms },
    errorRate: written?.error_rate ?? standard.errorRate,
    throughputMin: written?.throughput_min ?? standard.throughputMin,
    errorValues: written?.error_values === undefined ? standard.errorValues : texts(written.error_values),
    latencyUnit: written?.latency_unit ?? standard.latencyUnit,
  };
}

function tolerance(written: Record<(typeof scales)[number], number>): Tolerance {
  return { phiSquared: written.phi_squared, cellChange: written.cell_change };
}

function columnSettings(
  written: Merged['columns'],
  measures: ConfigRequest['measures'],
  fail: (path: readonly string[], text: string) => never,
  layerOf: (path: readonly string[]) => Layer | undefined,
): Record<string, ColumnSettings> {
  // without a prototype: a log may well have a column called "constructor"
  const result: Record<string, ColumnSettings> = Object.create(null);
  for (const [name, { role, kind, tolerances, gate: writtenGate, class: ofClass }] of Object.entries(written ?? {})) {
    requireOrder(['columns', name, 'tolerances'], tolerances ?? {}, fail, layerOf);
    const gate = measureGateOf(['columns', name, 'gate'], writtenGate, kind, measures, fail, layerOf);
    const partial = (level: WrittenTolerance | null | undefined): Partial<Tolerance> => ({
      ...(level?.phi_squared === undefined ? {} : { phiSquared: level.phi_squared }),
      ...(level?.cell_change === undefined ? {} : { cellChange: level.cell_change }),
    });
    const settingsOfColumn: ColumnSettings = {
      ...(role === undefined ? {} : { role }),
      ...(kind === undefined ? {} : { kind }),
      ...(gate === null ? {} : { gate }),
      ...(ofClass === undefined ? {} : { class: ofClass }),
      ...(tolerances ? { tolerance: { warn: partial(tolerances.warn), fail: partial(tolerances.fail) } } : {}),
    };
    if (Object.keys(settingsOfColumn).length > 0) result[name] = settingsOfColumn;
  }
  return result;
}

/** Ids of the asked-for measures, each once, in the order of the registry. */
function resolveMeasures(
  asked: readonly string[],
  known: ConfigRequest['measures'],
  origin: () => { readonly code: Layer['code']; readonly place: string },
): string[] {
  const wanted = new Set<string>();
  // a comma separates here and nowhere else: no id holds one
  for (const word of asked.flatMap((text) => text.split(',')).map((text) => text.trim())) {
    const found = known.filter(({ id, alias }) => word === 'all' || id === word || alias === word);
    if (found.length === 0) {
      const meant = nearest(
        word,
        known.flatMap(({ id, alias }) => [id, alias]),
      );
      throw new DriftError(
        'UNKNOWN_MEASURE',
        `${origin().place}no measure is called ${quoted(word)}; ${meant === undefined ? '"driftgate measures" lists them' : `did you mean ${quoted(meant)}?`}`,
      );
    }
    for (const { id } of found) wanted.add(id);
  }
  return known.map(({ id }) => id).filter((id) => wanted.has(id));
}

/** Each format once, in the order of asking. */
function resolveFormats(
  asked: readonly string[],
  origin: () => { readonly code: Layer['code']; readonly place: string },
): ReportFormat[] {
  const wanted = new Set<ReportFormat>();
  for (const word of asked.flatMap((text) => text.split(',')).map((text) => text.trim())) {
    const format = reportFormats.find((name) => name === word);
    if (format === undefined) {
      const { code, place } = origin();
      throw new DriftError(code, place + noFormat(word));
    }
    wanted.add(format);
  }
  return [...wanted];
}

/** What the verdict does not depend on, or what the report says elsewhere: the data, the place of the output, the machine. */
const notRecorded = new Set([
  'reference',
  'current',
  'labels.path',
  'engine',
  'out',
  'formats',
  'github_summary',
  'threads',
  'memory_limit',
]);

/** The settings in force, defaults included, as they would be written in driftgate.yaml. */
function effectiveValues(tree: Tree, decided: Tree): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const budget = tree.false_alarms_per_year !== undefined;
  for (const { key, default: standard } of settings) {
    if (key === null || notRecorded.has(key) || key.startsWith('trino.') || (key === 'alpha' && budget)) continue;
    const path = key.split('.');
    if (path[0] === 'columns') {
      if (isTree(tree.columns) && Object.keys(tree.columns).length > 0) values.columns = tree.columns;
      continue;
    }
    const value = valueAt(decided, path) ?? valueAt(tree, path) ?? standard;
    if (value === undefined || value === null) continue;
    let node = values;
    for (const part of path.slice(0, -1)) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[path.at(-1)!] = value;
  }
  return values;
}

function sha256(values: unknown): string {
  return createHash('sha256').update(canonical(values)).digest('hex');
}

/** JSON without spaces, keys in the order of their code units: the same settings give the same text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isTree(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined);
  return `{${entries.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}
