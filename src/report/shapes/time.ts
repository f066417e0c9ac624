import type { ReportedWindow, TimeReport } from '../../model/time.ts';
import { array, boolean, count, named, nullable, object, type Shape, string } from '../shape.ts';

const window = object<ReportedWindow>({
  from: [nullable(string), 'ISO 8601, UTC; null for windows of rows'],
  to: [nullable(string), 'where it ends, not included'],
  rows: [count, 'rows of the batch'],
  judged: [boolean, 'whether it holds enough rows to be judged'],
});

export const timeShape: Shape<TimeReport> = named(
  'Time',
  'When the rows of the current side came about.',
  object<TimeReport>({
    column: [nullable(string), 'the timestamp column; null when there is none'],
    zone: [string, 'the zone of its days'],
    windows: [array(window), 'of the batch, oldest first; empty when it was not cut'],
    outsideRows: [count, 'rows before the first window, after the last, or without a time'],
    oldest: [nullable(string), 'ISO 8601, UTC'],
    newest: [nullable(string), 'ISO 8601, UTC'],
    missingRows: [count, 'rows without a time'],
    futureRows: [count, 'rows dated after the run began'],
    disorderedRows: [nullable(count), 'rows earlier than the one before them in their file; null when not counted'],
    disorderedOf: [
      nullable(count),
      'rows with a time whose order was looked at: all, or of text those among the first 50,000; null when not counted',
    ],
    gaps: [
      array(
        object<TimeReport['gaps'][number]>({
          from: [string, 'ISO 8601, UTC'],
          to: [string, 'ISO 8601, UTC'],
        }),
      ),
      'stretches without a row that chance does not explain and that the reference has none as long as',
    ],
  }),
);
