import type {
  ColumnCheck,
  DatasetCheck,
  QualityCheck,
  QualityColumn,
  QualityDataset,
  QualityFact,
} from '../model/quality.ts';
import { almostConstant } from './almost-constant.ts';
import { cardinality } from './cardinality.ts';
import { duplicateRows } from './duplicate-rows.ts';
import { entropy } from './entropy.ts';
import { missingColumns } from './missing-columns.ts';
import { mixedTypes } from './mixed-types.ts';
import { newColumns } from './new-columns.ts';
import { renamedColumns } from './renamed-columns.ts';

/** Every data-quality check, in the order in which reports show them. */
export const qualityChecks: readonly QualityCheck[] = [
  duplicateRows,
  missingColumns,
  newColumns,
  renamedColumns,
  mixedTypes,
  cardinality,
  almostConstant,
  entropy,
];

const columnChecks = qualityChecks.filter((check): check is ColumnCheck => check.about === 'column');
const datasetChecks = qualityChecks.filter((check): check is DatasetCheck => check.about === 'dataset');

/** What the checks of single columns find in this one. */
export function measureColumnQuality(column: QualityColumn): QualityFact[] {
  return columnChecks.flatMap((check) => {
    const measured = check.measure(column);
    return measured === null ? [] : [{ id: check.id, column: column.name, role: column.role, ...measured }];
  });
}

/** What the checks of the whole data set find. */
export function measureDatasetQuality(dataset: QualityDataset): QualityFact[] {
  return datasetChecks.flatMap((check) => check.measure(dataset).map((measured) => ({ id: check.id, ...measured })));
}
