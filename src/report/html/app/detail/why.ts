import type { Report, ReportColumn } from '../../../../model/report.ts';
import { gateOf } from '../../../gate.ts';
import { formatDistance, formatNumber, formatPValue, formatQuantity } from '../../../numbers.ts';
import { driftedPart, log10FromNatural, ruleWords } from '../../../words.ts';

/**
 * Why a column got its outcome, in sentences: what was asked, what the numbers allow, which tests said so. It tells what the
 * verdict decided and decides nothing.
 */
export function whyThisOutcome(report: Report, column: ReportColumn): string[] {
  const sentences = [...range(report, column), ...tests(report, column)];
  return column.findings.length > 0 ? sentences : [column.reason, ...sentences];
}

function range({ method }: Report, { gating, outcome, findings }: ReportColumn): string[] {
  if (gating === null) return [];
  const gate = gateOf(gating);
  const name = gate.own === null ? 'φ²' : gate.title;
  const [low, high] = gate.interval.map(gate.format);
  const { warn, fail } = gating.tolerance;
  const cell =
    gate.own === null
      ? `, or the share of one cell moved by more than ${formatNumber(warn.cellChange * 100)} or ${formatNumber(fail.cellChange * 100)} points`
      : '';
  const part = driftedPart(findings);
  const over = gate.own === null ? ` over ${formatQuantity(gating.cells, 'cell')}` : '';
  const sentences = [
    `the question is whether ${name} is above ${formatNumber(gate.warn)} (warn) or ${formatNumber(gate.fail)} (fail)${cell}`,
    `${name} of this batch${part === null ? '' : ' as a whole'} is ${gate.format(gate.value)}${over}; sampling alone allows a true value from ${low} to ${high} (each bound at alpha ${formatNumber(method.alpha)})`,
    ...(part === null ? [] : [`what decided is the part ${part}`]),
  ];
  // reports of older versions know nothing of periods
  const noise = gating.noise ?? null;
  if (noise !== null) {
    sentences.push(
      `the reference's own ${formatQuantity(noise.windows, 'period')} of the batch's length lie ${formatDistance(noise.median)} from the rest of it in the median, ${formatDistance(noise.largest)} at most; with such periods a φ² of ${formatDistance(noise.expected)} is to be expected of a batch in which nothing changed (p ${formatPValue(log10FromNatural(noise.logP))})`,
    );
  }
  if (gate.own !== null) sentences.push(`its p-value: ${gate.own.method}`);
  if (outcome === 'undetermined' && gate.own === null) {
    sentences.push(
      gating.smallestProvable < largestDistance
        ? `with so many rows a column by itself is proven to have drifted from φ² ${formatDistance(gating.smallestProvable)} on`
        : 'with so few rows no drift of this column could be proven, however large',
    );
  }
  return sentences;
}

/** The greatest φ² there is. */
const largestDistance = 4;

function tests({ method }: Report, { tests }: ReportColumn): string[] {
  const family = `${formatQuantity(method.familySize, 'question')} of this run share alpha ${formatNumber(method.alpha)} (Holm)`;
  const rejected = tests.filter((test) => test.rejected !== null);
  if (tests.length === 0) return [];
  if (rejected.length === 0) return [`no test of this column says that a tolerance was exceeded; ${family}`];
  const told = rejected.map(({ rule, rejected, logPFail, logPWarn }) => {
    const log = rejected === 'fail' ? logPFail : logPWarn;
    const p = log === null ? '' : `, p ${formatPValue(log10FromNatural(log))}`;
    return `${ruleWords[rule] ?? rule} (${rejected} level${p})`;
  });
  return [`beyond what sampling explains: ${told.join('; ')}; ${family}`];
}
