import type { Kind } from './measure.ts';
import {
  type ColumnProfile,
  type DistinctCount,
  type NumericProfile,
  type Role,
  roles,
  type ValueCount,
} from './profile.ts';
import {
  type ConfigRecord,
  type DatasetInfo,
  type Format,
  formats,
  type InputFile,
  type QueryRecord,
  type RejectedRow,
  type ServerUse,
} from './run.ts';
import {
  array,
  boolean,
  constant,
  count,
  json,
  named,
  nullable,
  number,
  object,
  oneOf,
  record,
  string,
} from './shape.ts';

/** Shapes that stand in several contracts: the report and the saved profile. */

export const roleShape = named('Role', 'What a column is for.', constant<Role>(...roles));
export const kindShape = oneOf<Kind>({
  numeric: '',
  categorical: '',
  boolean: '',
  datetime: '',
  text: '',
  embedding: '',
  unsupported: '',
});

const valueCount = object<ValueCount>({
  value: [string, 'the value'],
  rows: [count, 'rows that hold it'],
});

const numericProfile = object<NumericProfile>({
  min: [number, 'smallest finite value'],
  max: [number, 'largest finite value'],
  mean: [nullable(number), 'arithmetic mean; null when it overflows'],
  std: [nullable(number), 'sample standard deviation (n − 1); null for one row, or when it overflows'],
  skewness: [nullable(number), 'moment coefficient g1; null when constant or not measurable'],
  kurtosis: [nullable(number), 'excess kurtosis g2'],
  zeros: [count, 'rows that are exactly 0'],
  quantiles: [
    object<NumericProfile['quantiles']>({
      q01: [number, 'quantile at 0.01'],
      q05: [number, 'quantile at 0.05'],
      q25: [number, 'lower quartile'],
      q50: [number, 'median'],
      q75: [number, 'upper quartile'],
      q95: [number, 'quantile at 0.95'],
      q99: [number, 'quantile at 0.99'],
    }),
    'order statistics',
  ],
  quantilesExact: [boolean, 'false when they were interpolated inside an interval'],
});

export const columnProfileShape = named(
  'ColumnProfile',
  'One side of one column, in aggregates.',
  object<ColumnProfile>({
    rows: [count, 'all rows of the side'],
    nulls: [count, 'rows without a value'],
    nan: [count, 'rows that are not a number'],
    positiveInfinity: [count, 'rows that are +∞'],
    negativeInfinity: [count, 'rows that are −∞'],
    castFailures: [count, "rows whose value does not read as the column's type; they count as missing"],
    castFailureExamples: [array(string), 'a few of those values, cut to a readable length'],
    distinct: [
      nullable(
        object<DistinctCount>({
          value: [count, 'distinct values, nulls and NaN not among them'],
          exact: [boolean, 'false for an estimate'],
        }),
      ),
      'number of distinct values; null when not counted',
    ],
    mode: [nullable(valueCount), 'the most frequent value; null when there is none or it was not counted'],
    top: [array(valueCount), 'most frequent values first, at most 20; empty for continuous columns'],
    numbers: [
      nullable(numericProfile),
      'of the finite values; for text of the lengths in characters, for datetime of the seconds since 1970 UTC',
    ],
  }),
);

export const datasetShape = named(
  'Dataset',
  'What was read.',
  object<DatasetInfo>({
    paths: [array(string), 'as asked for'],
    format: [constant<Format | 'table'>(...formats, 'table'), 'how the files were read; table: of a server'],
    files: [
      array(
        object<InputFile>({
          path: [string, 'where it was'],
          sizeBytes: [count, 'its size'],
          modifiedAt: [string, 'ISO 8601, UTC'],
          sha256: [string, 'content hash, hexadecimal'],
          hashOf: [
            constant<InputFile['hashOf']>('whole file', 'footer', 'size, first and last MiB'),
            'what the hash covers',
          ],
        }),
      ),
      'every file as it was when read',
    ],
    rows: [count, 'rows that were loaded and passed the filter'],
    where: [nullable(string), 'the filter'],
    rejectedRows: [count, 'malformed rows, counted and left out'],
    rejected: [
      array(
        object<RejectedRow>({
          file: [string, 'where'],
          line: [count, '1-based, the header counted'],
          reason: [string, 'what is wrong with it'],
        }),
      ),
      'the first of them',
    ],
    dialect: [record(string), 'delimiter, decimal mark, encoding and the like, with the reason'],
    columns: [count, 'number of columns'],
    server: [
      object<ServerUse>({
        origin: [string, 'scheme, host and port'],
        user: [string, 'in whose name'],
        receivedBytes: [count, 'of all answers together'],
        queries: [
          array(
            object<QueryRecord>({
              id: [string, "the server's name for it"],
              receivedBytes: [count, 'of all its answers, as they came'],
              receivedRows: [count, 'rows of the result'],
              scannedRows: [count, 'rows that the server read'],
              scannedBytes: [count, 'bytes that the server read'],
              nodes: [count, 'that took part'],
              durationMs: [count, "by the server's clock"],
              cpuMs: [count, 'of all nodes'],
            }),
          ),
          'every query, in the order of their ends',
        ],
      }),
      'of a table: what was asked of its server; differs from run to run',
      'optional',
    ],
  }),
);

export const configShape = object<ConfigRecord>({
  file: [nullable(string), 'where the configuration came from; null when there was none'],
  sha256: [string, 'of the effective settings, canonical JSON'],
  values: [record(json), 'the effective settings'],
});
