import { check } from './check.ts';
import type { Dataset } from './engine/engine.ts';
import { Engines } from './engine/engines.ts';
import type { SourceColumn } from './engine/source.ts';
import { pairVersions } from './layers/pairs.ts';
import { type CompareReport, compareSchemaVersion } from './model/compare.ts';
import { DriftError } from './model/errors.ts';
import type { Role } from './model/profile.ts';
import type { CheckOptions } from './model/run.ts';
import type { ColumnSettings } from './model/settings.ts';
import { nearest, quoted } from './model/text.ts';
import { type Draft, decideColumns } from './profile/reference.ts';
import { withKinds } from './reference.ts';
import { halfOf, judgeComparison } from './verdict/compare.ts';
import { version } from './version.ts';
import { findVersion, versionsOf } from './versions.ts';

/** A run of `compare`: a check whose two sides are two versions in one log. */
export interface CompareOptions {
  /** its current side is the log; its reference is not read */
  readonly check: CheckOptions;
  readonly champion: string;
  readonly challenger: string;
  /** the column whose value names a request; undefined: the id */
  readonly joinKey?: string;
}

/** Roles that are compared between the versions, or needed for it; the requests themselves are the same. */
const keptRoles: ReadonlySet<Role> = new Set<Role>([
  'prediction',
  'score',
  'label',
  'timestamp',
  'id',
  'model_version',
  'latency',
  'status',
]);

/**
 * Two versions of a model on one log: what they predict, on the same requests where an id tells which those are, and with labels how
 * well.
 *
 * @throws {DriftError} when there is nothing to compare: no version of that name, no prediction and no score
 */
export async function compare(options: CompareOptions): Promise<CompareReport> {
  const startedAt = new Date();
  const start = performance.now();
  // of the log as a whole: a part of its time is chosen with --where; labels are met with the pairs
  const { period: _, segments: __, importances: ___, labels: ____, ...run } = options.check;
  const log = run.current;
  if (log.paths.includes('-')) {
    throw new DriftError(
      'BAD_OPTION',
      'compare reads its log several times, which standard input does not allow; give a file',
    );
  }
  const first = await prepare(options);
  const { roles, champion, challenger, versions, paired, unpaired, notes } = first;
  const { verdict } = run;
  const report = await check({
    ...run,
    reference: log,
    current: log,
    referenceVersion: champion.name,
    modelVersion: challenger.name,
    measures: [],
    verdict: {
      ...verdict,
      // the other half is for the pairs
      alpha: halfOf(verdict),
      columns: { ...verdict.columns, ...roles },
      severity: {
        ...verdict.severity,
        // what one model's scores are worth says nothing of another's
        estimated_drop: 'off',
      },
      quality: { ...verdict.quality, 'duplicate-rows': { ...verdict.quality['duplicate-rows'], severity: 'off' } },
      // both versions ran at the same time
      noise: 'off',
      window: null,
    },
  });
  const sizes = { reference: champion.rows, current: challenger.rows };
  const judged = judgeComparison(report, paired, sizes, verdict);
  return {
    schemaVersion: compareSchemaVersion,
    kind: 'compare',
    tool: { name: 'driftgate', version, engine: report.tool.engine },
    gate: judged.gate,
    champion: { version: champion.name, rows: champion.rows },
    challenger: { version: challenger.name, rows: challenger.rows },
    leader: judged.leader,
    standing: judged.standing,
    versions: {
      column: versions.column.name,
      found: versions.versions.map(({ name, rows }) => ({ version: name, rows })),
    },
    findings: judged.findings,
    differences: judged.differences,
    columns: report.columns.filter(({ role }) => role === 'prediction' || role === 'score'),
    predictions: report.predictions ?? null,
    service: report.service ?? null,
    outcomes: report.outcomes ?? null,
    paired: paired && { ...paired, metrics: judged.metrics },
    unpaired,
    method: judged.method,
    dataset: { ...first.dataset },
    config: run.config,
    notes: [...notes, ...report.notes],
    run: {
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - start),
      threads: report.run.threads,
    },
  };
}

/** What is decided and counted on the log as a whole. */
async function prepare({ check: run, champion: asked, challenger: against, joinKey }: CompareOptions) {
  const engine = new Engines(run);
  const stop = () => engine.interrupt();
  run.signal?.addEventListener('abort', stop);
  try {
    run.signal?.throwIfAborted();
    run.onProgress?.({ step: 'reading the log', fraction: 0 });
    const settings = run.verdict.columns;
    const data = await engine.open('current', withKinds(run.current, settings), run.hash);
    requireKnown(data, Object.keys(settings));
    const versions = await versionsOf(data, [], settings);
    if (versions === null) {
      throw new DriftError(
        'UNKNOWN_COLUMN',
        `no column of ${quoted(run.current.paths.join(', '), 120)} names a model; name it with --model-version-column COLUMN`,
      );
    }
    const champion = findVersion(versions, asked, '--champion');
    const challenger = findVersion(versions, against, '--challenger');
    if (champion.name === challenger.name) {
      throw new DriftError(
        'BAD_OPTION',
        `--champion and --challenger are both ${quoted(champion.name, 60)}; they take two versions`,
      );
    }
    // by the champion, as by a reference: what the challenger does wrong must not hide what a column is
    const then = await data.only(versions.column, champion.name);
    const drafts = await decideColumns(then, settings);
    if (!drafts.some(({ role }) => role === 'prediction' || role === 'score')) {
      throw new DriftError(
        'UNKNOWN_COLUMN',
        'no column of the log is known as a prediction or a score; name it with --prediction COLUMN or --score COLUMN',
      );
    }
    const key = keyOf(data, drafts, joinKey ?? run.labels?.key);
    run.onProgress?.({ step: 'pairing the requests', fraction: 0.1 });
    const now = key === null ? null : await data.only(versions.column, challenger.name);
    const pairs = key === null || now === null ? null : await pairVersions(engine, then, now, key, drafts, run);
    const paired = pairs?.measured ?? null;
    const guessed = drafts.filter(({ role, roleReason }) => roleReason !== null && keptRoles.has(role));
    return {
      versions,
      champion,
      challenger,
      dataset: data.info,
      roles: rolesOf(drafts, settings),
      paired: paired !== null && paired.rows > 0 ? paired : null,
      unpaired:
        key === null
          ? 'no column is known as an id, so the versions were compared as two samples; --join-key COLUMN names one'
          : paired !== null && paired.rows > 0
            ? null
            : `no value of ${quoted(key.name, 40)} is a request of both versions, so they were compared as two samples`,
      notes: [
        ...(guessed.length === 0
          ? []
          : [
              `roles were guessed for ${guessed.map(({ source, role }) => `${quoted(source.name, 40)} (${role})`).join(', ')}: set "columns" in driftgate.yaml where one is wrong`,
            ]),
        ...(pairs?.notes ?? []),
      ],
    };
  } catch (error) {
    if (run.signal?.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
    throw error;
  } finally {
    run.signal?.removeEventListener('abort', stop);
    await engine.close();
  }
}

function requireKnown(data: Dataset, names: readonly string[]): void {
  const held = data.columns.map(({ name }) => name);
  const unknown = names.find((name) => !held.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, held);
  const hint =
    meant === undefined ? `there are ${held.length}, e.g. ${quoted(held[0] ?? '')}` : `did you mean ${quoted(meant)}?`;
  throw new DriftError('UNKNOWN_COLUMN', `no column of the log is called ${quoted(unknown)}; ${hint}`);
}

/** The roles as decided on the whole log, so that both versions have the same; what is the same for both is left out. */
function rolesOf(
  drafts: readonly Draft[],
  settings: Readonly<Record<string, ColumnSettings>>,
): Record<string, ColumnSettings> {
  const roles: Record<string, ColumnSettings> = Object.create(null);
  for (const { source, role } of drafts) {
    const said = Object.hasOwn(settings, source.name) ? settings[source.name] : undefined;
    roles[source.name] = { ...said, role: keptRoles.has(role) ? role : 'ignore' };
  }
  return roles;
}

function keyOf(data: Dataset, drafts: readonly Draft[], named: string | undefined): SourceColumn | null {
  if (named !== undefined) {
    requireKnown(data, [named]);
    return data.columns.find(({ name }) => name === named)!;
  }
  const ids = drafts.filter(({ role }) => role === 'id');
  const said = ids.find(({ roleReason }) => roleReason === null) ?? ids[0];
  return said?.source ?? null;
}
