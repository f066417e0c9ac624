import type { QualityResult } from '../../../../model/quality.ts';
import { formatCount, formatNumber, formatPoints, formatShare } from '../../../numbers.ts';

/** A number of a data-quality check, on the check's own scale. */
export function qualityNumber({ id }: QualityResult, value: number | null): string {
  if (value === null) return '–';
  if (id === 'entropy') return `${formatNumber(value, 3)} bits`;
  return ['duplicate-rows', 'mixed-types', 'almost-constant'].includes(id) ? formatShare(value) : formatCount(value);
}

/** From where on the check speaks. */
export function qualityThreshold({ id, threshold }: QualityResult): string {
  if (threshold === null) return '–';
  if (id === 'cardinality') return `${formatNumber(threshold)} × expected`;
  if (id === 'entropy') return `± ${formatNumber(threshold)} bits`;
  if (id === 'almost-constant') return formatShare(threshold);
  return ['duplicate-rows', 'mixed-types'].includes(id)
    ? formatPoints(threshold)
        .replace(/^\+/, '')
        .replace(/^1 points/, '1 point')
    : formatNumber(threshold);
}
