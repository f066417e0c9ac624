import type { OutcomesReport, ReportedJoin } from '../../../../model/outcomes.ts';
import { formatCount, formatDistance, formatQuantity, formatShare } from '../../../numbers.ts';
import type { Entry } from '../entries.ts';
import { type Fact, Facts } from '../parts/facts.tsx';
import { formatSeconds } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { useSides } from '../parts/sides.tsx';
import { ColumnLink, Sentence, Text } from '../parts/text.tsx';

/** Where the labels come from, how many have arrived, and whether they speak for all rows. */
export function Labels({ outcomes, entries }: { outcomes: OutcomesReport; entries: readonly Entry[] }) {
  const names = useSides();
  const { columns, join, reference, current, refused } = outcomes;
  const side = (of: OutcomesReport['current']) =>
    of === null ? 'none' : `${formatCount(of.labelled)} of ${formatQuantity(of.rows, 'row')}`;
  const facts: (Fact | null)[] = [
    [
      'label',
      <>
        <Text value={columns.label} limit={80} />{' '}
        {columns.labelsFrom === 'file' ? 'from a file of labels' : 'in the log'}
      </>,
    ],
    columns.prediction === null
      ? null
      : ['prediction', <Text key="prediction" value={columns.prediction} limit={80} />],
    columns.scores.length === 0
      ? null
      : [
          'scores',
          columns.scores.slice(0, scoresShown).map(({ column, className }, i) => (
            <span key={column}>
              {i > 0 && ', '}
              <Text value={column} limit={60} /> of “<Text value={className} limit={40} />”
            </span>
          )),
        ],
    columns.threshold === null ? null : ['predicted as positive', `from a score of ${columns.threshold} on`],
    outcomes.positive === null
      ? null
      : ['positive class', <Text key="positive" value={outcomes.positive} limit={80} />],
    [`labelled, ${names.reference}`, side(reference)],
    [`labelled, ${names.current}`, side(current)],
    ...(join === null ? [] : joined(join)),
  ];
  return (
    <>
      {refused !== null && (
        <p class="error">
          <b>The {names.current} side was not measured.</b> <Sentence>{refused}</Sentence>
        </p>
      )}
      <Facts facts={facts} />
      <Bias outcomes={outcomes} entries={entries} />
    </>
  );
}

const scoresShown = 12;

function joined(join: ReportedJoin): Fact[] {
  const lag = join.lag;
  const told = (seconds: number) => formatSeconds(seconds).replace(/^-/, '−');
  return [
    [
      'joined by',
      <>
        <Text value={join.key} limit={60} />
        {join.labelKey !== join.key && (
          <>
            {' '}
            = <Text value={join.labelKey} limit={60} />
          </>
        )}
      </>,
    ],
    ['labels', `${formatCount(join.labels)} of ${formatQuantity(join.labelKeys, 'key')}`],
    ['rows with a label', formatCount(join.matched)],
    ['rows without one', formatCount(join.unlabelled)],
    ['keys of no row', formatCount(join.orphanKeys)],
    ['labels without a key, empty', `${formatCount(join.keyless)}, ${formatCount(join.empty)}`],
    ['keys labelled twice alike', formatCount(join.repeatedKeys)],
    [
      'keys whose labels differ',
      `${formatCount(join.conflictingKeys)}${join.contradictedRows > 0 ? `; their ${formatQuantity(join.contradictedRows, 'row')} count as unlabelled` : ''}`,
    ],
    ['rows without a key, of a key again', `${formatCount(join.rowsWithoutKey)}, ${formatCount(join.repeatedRows)}`],
    [
      'label came after',
      lag === null
        ? 'not known: a side has no time'
        : `${told(lag.q50)} in the median, 90 % within ${told(lag.q90)}, 99 % within ${told(lag.q99)} (${told(lag.least)} to ${told(lag.most)})`,
    ],
  ];
}

/** Rows with a label may be others than those without. */
function Bias({ outcomes: { bias }, entries }: { outcomes: OutcomesReport; entries: readonly Entry[] }) {
  if (bias.length === 0) return null;
  return (
    <>
      <h3>Labelled rows against the others</h3>
      <Scroll label="Labelled rows against the others">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">column</th>
              <th scope="col">φ²</th>
              <th scope="col">cell that differs most</th>
              <th scope="col">labelled</th>
              <th scope="col">unlabelled</th>
              <th scope="col">differs</th>
            </tr>
          </thead>
          <tbody>
            {bias.map((one) => {
              const entry = entries.find(({ column }) => column.name === one.column);
              return (
                <tr key={one.column}>
                  <th scope="row">{entry ? <ColumnLink entry={entry} /> : <Text value={one.column} limit={60} />}</th>
                  <td>{formatDistance(one.phiSquared)}</td>
                  <td>
                    <Text value={one.cell} limit={40} />
                  </td>
                  <td>{formatShare(one.labelled)}</td>
                  <td>{formatShare(one.unlabelled)}</td>
                  <td>{one.rejected === null ? 'not proven' : `${one.rejected} level`}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
