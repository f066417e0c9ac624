import { logBinomialUpperTail } from '../math/binomial.ts';
import { logHypergeometricUpperTail } from '../math/hypergeometric.ts';
import { logNormalUpperTail } from '../math/normal.ts';
import type { TestedCells } from '../model/frequency-table.ts';
import type { BothRows, QualityEvidence, QualityFact, QualityResult } from '../model/quality.ts';
import type { QualityRule, QualitySetting, VerdictSettings } from '../model/settings.ts';
import { quoted } from '../model/text.ts';
import type { Finding, QualityCode, Verdict, VerdictCode } from '../model/verdict.ts';
import { finiteLogP, judgeFamily } from './family.ts';
import { decideGate, tooFewRows } from './gate.ts';
import { below, movement, steadyVariance } from './minimum-effect.ts';
import { type QualityData, qualitySentence } from './quality-messages.ts';
import { compareText, findingOrder, worst } from './severity.ts';

/**
 * Data quality, judged like drift: not "is there any", which every log has, but "is there more than is tolerated, by more than
 * sampling explains". All tests of a run are a family of their own under Holm's procedure, so that a clean run has a finding here
 * with probability alpha at most, beside and not at the expense of the verdict's own questions.
 */

/** A run's verdict with what the data-quality checks found laid over it. */
export interface JudgedQuality {
  readonly verdict: Verdict;
  readonly results: readonly QualityResult[];
}

export function withQuality(
  verdict: Verdict,
  facts: readonly QualityFact[],
  sizes: BothRows,
  settings: VerdictSettings,
): JudgedQuality {
  const enough = tooFewRows(sizes, settings.gate.minRows) === null;
  const asked = facts.map((fact) => ask(fact, settings, enough));
  const tested = asked.filter((question) => question.logP !== null);
  const levels = judgeFamily(
    tested.map(({ logP }) => ({ logPFail: logP!, logPWarn: null })),
    settings.alpha,
  );
  const exceeded = new Set(tested.filter((_, i) => levels[i] !== null));
  const renamed = new Set(likelyRenamed(asked, settings, enough));

  const found = asked.map((question): Finding | null => {
    if (!exceeded.has(question) && !renamed.has(question)) return null;
    const { fact, setting } = question;
    if (setting === null || setting.severity === 'off') return null;
    const told = tell(fact, setting.threshold ?? 0);
    if (told === null || isEcho(told.code, fact.column, verdict)) return null;
    return { ...told, severity: setting.severity, column: fact.column, role: fact.role };
  });
  return {
    verdict: mergeFindings(
      verdict,
      found.filter((finding) => finding !== null),
      sizes,
      settings,
    ),
    results: asked.map(({ fact, setting, logP }, i) => ({
      id: fact.id,
      column: fact.column,
      reference: fact.reference,
      current: fact.current,
      threshold: setting?.threshold ?? null,
      logP,
      severity: found[i]?.severity ?? null,
      detail: fact.detail,
    })),
  };
}

/** One fact with its setting, and the p-value of "within the threshold" where it is a question of sampling. */
interface Asked {
  readonly fact: QualityFact;
  readonly setting: QualitySetting | null;
  readonly logP: number | null;
}

function ask(fact: QualityFact, settings: VerdictSettings, enough: boolean): Asked {
  const setting = Object.hasOwn(settings.quality, fact.id) ? settings.quality[fact.id as QualityRule] : null;
  const silent = setting === null || setting.severity === 'off' || setting.threshold === null;
  if (silent || fact.evidence === null || !enough) return { fact, setting, logP: null };
  const logP = pValue(fact.evidence, setting.threshold);
  return { fact, setting, logP: logP === null ? null : finiteLogP(logP) };
}

/** Natural logarithm of the p-value of "within the threshold"; null for what is no question of sampling. */
function pValue(evidence: QualityEvidence, threshold: number): number | null {
  switch (evidence.form) {
    case 'share':
      return shareRose(evidence, threshold);
    case 'count':
      return countGrew(evidence, threshold);
    case 'rest':
      return restVanished(evidence, threshold);
    case 'difference':
      return hasMoved(evidence, threshold);
    case 'resemblance':
      return null;
  }
}

/**
 * The current share is above `growth` times the reference's by more than the threshold: normal approximation with steadied
 * variances. Where rows count one by one, it must also be above what the reference has by Fisher's exact test, and above the
 * threshold by the exact binomial one, which keeps the level for shares near 0.
 */
export function shareRose(
  { reference, current, growth, dispersion }: Extract<QualityEvidence, { form: 'share' }>,
  threshold: number,
): number {
  const { of: n, rows: r } = reference;
  const { of: m, rows: c } = current;
  const rise = c / m - Math.min(1, (growth * r) / n);
  const variance = dispersion * (growth ** 2 * steadyVariance(r, n) + steadyVariance(c, m));
  const bySize = logNormalUpperTail((rise - threshold) / Math.sqrt(variance));
  if (growth !== 1 || dispersion !== 1) return bySize;
  return Math.max(bySize, logHypergeometricUpperTail(n + m, r + c, m, c), logBinomialUpperTail(m, threshold, c));
}

/** More than `threshold` times the expected number; a number of distinct values varies no more than a Poisson one. */
function countGrew(
  { found, expected, variance }: Extract<QualityEvidence, { form: 'count' }>,
  threshold: number,
): number {
  return logNormalUpperTail((found - threshold * expected) / Math.sqrt(found + 1 + threshold ** 2 * variance));
}

/** The rows off one value are at most 1 − threshold (exact binomial), and less than half as many as they were (conditional binomial). */
function restVanished({ reference, current }: Extract<QualityEvidence, { form: 'rest' }>, threshold: number): number {
  const { of: m, rows: off } = current;
  const few = logBinomialUpperTail(m, threshold, m - off);
  const all = reference.rows + off;
  const halved = m / 2 / (m / 2 + reference.of);
  return Math.max(few, logBinomialUpperTail(all, 1 - halved, all - off));
}

/** |difference| above the threshold, either way. */
function hasMoved(
  { difference, standardError }: Extract<QualityEvidence, { form: 'difference' }>,
  threshold: number,
): number {
  return Math.min(0, Math.LN2 + logNormalUpperTail((Math.abs(difference) - threshold) / standardError));
}

/** Fewer cells than this agree by accident. */
const tellingCells = 4;

/** Pairs of one name, then pairs of like values that are the only ones for both columns. */
function likelyRenamed(asked: readonly Asked[], settings: VerdictSettings, enough: boolean): readonly Asked[] {
  const pairs = asked.flatMap((question) => {
    const { evidence } = question.fact;
    return evidence?.form === 'resemblance' ? [{ question, ...evidence }] : [];
  });
  const named = pairs.filter(({ sameName }) => sameName);
  const settled = new Set(named.flatMap(({ missing, added }) => [`- ${missing}`, `+ ${added}`]));
  const alike = pairs.filter(
    ({ missing, added, cells }) =>
      enough && !settled.has(`- ${missing}`) && !settled.has(`+ ${added}`) && valuesAgree(cells, settings),
  );
  const alone = alike.filter(
    (pair) => alike.filter(({ missing, added }) => missing === pair.missing || added === pair.added).length === 1,
  );
  return [...named, ...alone].map(({ question }) => question);
}

/** Proven to lie within the tolerance of a feature. */
function valuesAgree(cells: TestedCells | null, { tolerances, alpha }: VerdictSettings): boolean {
  const moved = cells && movement(cells);
  if (!moved || moved.cells < tellingCells) return false;
  const proof = below(moved, tolerances.feature.warn);
  return Math.max(finiteLogP(proof.logPhiSquared), finiteLogP(proof.logCellChange)) < Math.log(alpha);
}

/** What the verdict already said louder. */
const echoes: Readonly<Partial<Record<QualityCode, readonly VerdictCode[]>>> = {
  MIXED_TYPES: ['TYPE_CHANGED'],
  CARDINALITY_UP: ['TYPE_CHANGED', 'CONSTANT_BECAME_VARYING'],
  ALMOST_CONSTANT: ['VARYING_BECAME_CONSTANT', 'PREDICTION_COLLAPSE'],
  ENTROPY_CHANGED: [
    'DRIFT_FAIL',
    'DRIFT_WARN',
    'CONSTANT_BECAME_VARYING',
    'VARYING_BECAME_CONSTANT',
    'PREDICTION_COLLAPSE',
  ],
};

function isEcho(code: QualityCode, column: string | null, { findings }: Verdict): boolean {
  const louder: readonly string[] = echoes[code] ?? [];
  return column !== null && findings.some((finding) => finding.column === column && louder.includes(finding.code));
}

type Told = Pick<Finding, 'code' | 'message' | 'data'> & { readonly code: QualityCode };

/** The finding of a fact that is beyond its threshold; null for a check whose findings are the verdict's own. */
function tell(fact: QualityFact, threshold: number): Told | null {
  const { detail } = fact;
  const write = <C extends QualityCode>(code: C, data: QualityData[C]): Told => ({
    code,
    message: qualitySentence(code, fact, data),
    data: { ...data },
  });
  const text = (key: string) => String(detail[key] ?? '');
  const reference = fact.reference ?? 0;
  const current = fact.current ?? 0;
  switch (fact.id) {
    case 'duplicate-rows':
      return write('DUPLICATE_ROWS', {
        ids: detail.ids === null ? null : quoted(text('ids'), 60),
        repeated: Number(detail.repeated),
        currentRows: Number(detail.rows),
        referenceShare: reference,
        currentShare: current,
        expectedShare: Number(detail.expected),
        threshold,
      });
    case 'renamed-columns': {
      const cells = fact.evidence?.form === 'resemblance' ? fact.evidence.cells : null;
      return write('COLUMN_RENAMED', {
        newName: text('newName'),
        by: detail.sameName === true ? 'name' : 'values',
        phiSquared: (cells && movement(cells))?.phiSquared ?? null,
      });
    }
    case 'mixed-types':
      return write('MIXED_TYPES', {
        otherType: text('otherType'),
        rows: Number(detail.rows),
        currentRows: Number(detail.values),
        referenceShare: reference,
        currentShare: current,
        examples: text('examples'),
        threshold,
      });
    case 'cardinality':
      return write('CARDINALITY_UP', {
        found: current,
        exact: detail.exact === true,
        referenceDistinct: reference,
        expected: Number(detail.expected),
        currentRows: Number(detail.values),
        threshold,
      });
    case 'almost-constant':
      return write('ALMOST_CONSTANT', {
        value: text('value'),
        currentShare: current,
        referenceShare: reference,
        threshold,
      });
    case 'entropy':
      return write('ENTROPY_CHANGED', {
        referenceBits: reference,
        currentBits: current,
        cells: Number(detail.cells),
        threshold,
      });
    default:
      return null;
  }
}

function mergeFindings(
  verdict: Verdict,
  found: readonly Finding[],
  sizes: BothRows,
  settings: VerdictSettings,
): Verdict {
  if (found.length === 0) return verdict;
  // both are in order, and the verdict's own come first among equals
  const merged = (own: readonly Finding[], more: readonly Finding[]) =>
    [...own, ...[...more].sort((a, b) => compareText(a.column ?? '', b.column ?? ''))].sort(findingOrder);
  const columns = verdict.columns.map((column) => {
    const own = found.filter((finding) => finding.column === column.name);
    if (own.length === 0) return column;
    const findings = merged(column.findings, own);
    return { ...column, findings, severity: worst(findings) };
  });
  const findings = merged(verdict.findings, found);
  return { ...verdict, columns, findings, gate: decideGate(columns, findings, sizes, settings.gate) };
}
