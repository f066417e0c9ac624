import type { ComponentChildren } from 'preact';
import { formatCount, formatNumber, formatQuantity } from '../../../numbers.ts';
import { Text } from '../parts/text.tsx';
import { Configuration, Files, Notes, provenance } from '../sections/method.tsx';
import type { CompareProps } from './page.tsx';

/** What a reader needs to trust the numbers, and to get them again. */
export function Method({ report, printing }: CompareProps) {
  const { method, versions, dataset, notes, config } = report;
  const { alpha, familySize, pairedFamilySize } = method;
  const entries: readonly (readonly [string, ComponentChildren])[] = [
    [
      'question',
      'Is the challenger worse than the champion by more than the tolerance written down, beyond what sampling explains? That it differs never alarms.',
    ],
    [
      'pairs',
      'Rows of both with one id are one request. With labels each metric is compared on them alone: the variance is that of the differences, with half a row added, so that equal rows prove nothing. ROC-AUC has DeLong’s covariance; the ratio’s bounds are Fieller’s.',
    ],
    [
      'better',
      'A version is called better by a metric when “no difference” is rejected (McNemar’s exact test, DeLong’s, the paired t-test), by how little soever; the gate asks for more.',
    ],
    [
      'alpha',
      `${formatNumber(alpha)}: at most this probability of any finding by accident, one half for the versions as two samples, one for the pairs.`,
    ],
    [
      'families',
      `${formatQuantity(familySize, 'hypothesis', 'hypotheses')} on the two samples and ${formatCount(pairedFamilySize)} on the pairs share them (Holm).`,
    ],
    [
      'versions',
      <>
        <Text value={versions.column} limit={80} /> holds{' '}
        {versions.found.slice(0, 12).map(({ version, rows }, i) => (
          <span key={i}>
            {i > 0 && ', '}
            <Text value={version} limit={60} /> ({formatQuantity(rows, 'row')})
          </span>
        ))}
        {versions.found.length > 12 && `, ${formatCount(versions.found.length - 12)} more`}.
      </>,
    ],
    ...provenance(report),
  ];
  return (
    <>
      <Notes notes={notes} printing={printing} />
      <dl>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Configuration values={config.values} printing={printing} />
      <Files name="Log" dataset={dataset} />
    </>
  );
}
