import type { Metric, MetricId } from '../../../../model/outcome.ts';
import { metricTitle } from '../../../../model/outcomes.ts';
import { printable } from '../../../../model/text.ts';
import { formatNumber } from '../../../numbers.ts';
import type { NumberFormat } from '../parts/number.tsx';

type Named = Pick<Metric, 'id' | 'className'> & { readonly probability?: number | null };

/** Metrics of one set of rows are told apart by it. */
export function metricKey({ id, className, probability = null }: Named): string {
  return JSON.stringify([id, className, probability]);
}

export function metricName({ id, className, probability = null }: Named): string {
  const title = metricTitle(id);
  const name = title.charAt(0).toUpperCase() + title.slice(1);
  if (probability !== null) return `${name} ${formatNumber(probability)}`;
  return className === null ? name : `${name} of “${printable(className, 60)}”`;
}

/** Metrics in the unit of the target; all others are numbers without one. */
const inUnits: ReadonlySet<MetricId> = new Set<MetricId>([
  'mean-absolute-error',
  'root-mean-squared-error',
  'mean-error',
  'residual-quantile',
]);

/** Three decimals for what lies around 0 … 1, so that a column of them can be compared at a glance. */
export function metricFormat(id: MetricId): NumberFormat {
  return !inUnits.has(id)
    ? (value) => value.toFixed(Math.abs(value) < 0.01 && value !== 0 ? 4 : 3)
    : (value) => formatNumber(value);
}
