import { type Role, roles } from '../../model/profile.ts';
import type {
  DriftDecomposition,
  Segment,
  Segmentation,
  SegmentedColumn,
  SegmentStatus,
} from '../../model/segments.ts';
import { array, constant, count, named, nullable, number, object, oneOf, type Shape, string } from '../shape.ts';

const level = oneOf<'fail' | 'warn'>({ fail: 'beyond the fail tolerance', warn: 'beyond the warn tolerance' });
const role = named('Role', 'What a column is for.', constant<Role>(...roles));

const segment = named(
  'Segment',
  'The rows with one value of a column, or one combination of values.',
  object<Segment>({
    values: [
      nullable(array(nullable(string))),
      'one value a column of the segmentation, null for rows without one; null for all the others together',
    ],
    name: [string, 'the same for people'],
    status: [
      oneOf<SegmentStatus>({
        judged: 'compared with the same segment of the reference',
        'few-rows': 'fewer rows than gate.min_rows on one side',
        new: 'the reference has no such rows',
        vanished: 'the current data has no such rows',
        other: 'all values that are no segment of their own, shown and not judged',
      }),
      'whether it was judged',
    ],
    rows: [
      object<Segment['rows']>({ reference: [count, 'rows then'], current: [count, 'rows now'] }),
      'rows of both sides',
    ],
    level: [nullable(level), 'the strongest level that is proven of a column in it'],
    drifted: [count, 'columns proven to have drifted in it'],
  }),
);

const decomposition = named(
  'DriftDecomposition',
  'What the drift of a column is made of: the change of the shares of the segments, and the change within each.',
  object<DriftDecomposition>({
    phiSquared: [number, 'of the column as a whole'],
    mix: [number, 'the share of φ² that the changed shares of the segments make up'],
    within: [array(number), 'the share that comes from within each segment; with mix they add up to 1'],
    reweighted: [number, 'φ² with the segments of the current side weighted as in the reference'],
    explained: [
      oneOf<DriftDecomposition['explained']>({
        mix: 'most of it is the shares of the segments',
        segment: 'most of it comes from one segment, far beyond its share of the rows',
        spread: 'neither',
      }),
      'what explains most of it',
    ],
    segment: [nullable(string), 'the segment that contributes most; null when nothing comes from within'],
    sentence: [string, 'the same in words'],
  }),
);

const segmentedColumn = named(
  'SegmentedColumn',
  'One column in every segment; the arrays run along the segments.',
  object<SegmentedColumn>({
    column: [string, 'its name'],
    role: [role, 'what it is for'],
    rejected: [nullable(level), 'at which level it is proven that it drifted in some segment'],
    phiSquared: [array(nullable(number)), 'φ² against the same segment of the reference; null where not judged'],
    cellChange: [array(nullable(number)), 'the largest change of the share of one cell'],
    levels: [array(nullable(level)), 'the level that is proven in each segment'],
    decomposition: [nullable(decomposition), 'what its drift as a whole is made of; null unless it drifted'],
  }),
);

export const segmentationShape: Shape<Segmentation> = named(
  'Segmentation',
  'The data split by the values of one or more columns.',
  object<Segmentation>({
    columns: [array(string), 'the columns it splits by'],
    skipped: [nullable(string), 'why nothing was split; null when it was'],
    segments: [array(segment), 'worst first, then by rows of the reference'],
    judged: [count, 'segments that were judged'],
    distinct: [array(nullable(count)), 'distinct values of the reference, by column; null when there are too many'],
    newValues: [
      array(
        object<Segmentation['newValues'][number]>({
          value: [string, 'the value'],
          rows: [count, 'rows of the current side'],
        }),
      ),
      'the most frequent values that the reference never had',
    ],
    tested: [array(segmentedColumn), 'the columns, worst first'],
  }),
);
