import type { Difference, PairedReport } from '../../../../model/compare.ts';
import { formatCount, formatNumber, formatQuantity, formatShare } from '../../../numbers.ts';
import { ConfusionMatrix } from '../outcomes/confusion.tsx';
import { type Fact, Facts } from '../parts/facts.tsx';
import { Num, signed } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import type { CompareProps } from './page.tsx';

const three = (value: number) => formatNumber(value, 3);

/** How far the two say the same of the same requests. */
export function Agreement({ report: { paired, unpaired } }: CompareProps) {
  if (paired === null) {
    return (
      <p class="none">
        <Sentence>{unpaired ?? ''}</Sentence>
      </p>
    );
  }
  const { agreement, scores } = paired;
  const differences = [
    ...(agreement?.form === 'values' ? [{ column: paired.prediction ?? 'prediction', ...agreement }] : []),
    ...scores,
  ].filter(({ rows }) => rows > 0);
  return (
    <>
      <Facts facts={factsOf(paired)} />
      {agreement?.form === 'classes' && agreement.classes.length > 0 && (
        <>
          <h3>Who said what</h3>
          <p class="note">
            Of the requests that the champion gave each class, the share that the challenger gave each; the requests
            themselves below it. On the diagonal they agree.
            {agreement.classes.includes(null) && ' OTHER holds all other classes, and requests without one.'}
          </p>
          <ConfusionMatrix
            label="Classes by champion and challenger"
            corner="champion ＼ challenger"
            names={agreement.classes}
            counts={agreement.counts}
          />
        </>
      )}
      {differences.length > 0 && <Differences rows={differences} />}
    </>
  );
}

function factsOf({ key, rows, agreement }: PairedReport): (Fact | null)[] {
  return [
    [
      'the same requests',
      <>
        {formatCount(rows)}, met by <Text value={key} limit={80} />
      </>,
    ],
    agreement?.form === 'classes' && agreement.of > 0
      ? [
          'answered differently',
          <>
            <b>
              <Num value={agreement.disagreed / agreement.of} format={formatShare} />
            </b>{' '}
            <span class="small">
              {formatShare(agreement.interval[0])} to {formatShare(agreement.interval[1])} (Wilson);{' '}
              {formatCount(agreement.disagreed)} of {formatQuantity(agreement.of, 'request')}
            </span>
          </>,
        ]
      : null,
  ];
}

/** The challenger's number less the champion's. */
function Differences({ rows }: { rows: readonly ({ readonly column: string } & Difference)[] }) {
  return (
    <>
      <h3>Challenger less champion</h3>
      <Scroll label="Differences of values and scores">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">column</th>
              <th scope="col">requests</th>
              <th scope="col">mean difference</th>
              <th scope="col">mean size</th>
              <th scope="col">root mean square</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ column, rows: requests, mean, interval, meanAbsolute, rootMeanSquare }, i) => (
              <tr key={i}>
                <th scope="row">
                  <Text value={column} limit={80} />
                </th>
                <td>{formatCount(requests)}</td>
                <td>
                  <Num value={mean} format={signed(three)} />
                  <span class="small interval-words">{interval.map((bound) => signed(three)(bound)).join(' to ')}</span>
                </td>
                <td>
                  <Num value={meanAbsolute} format={three} />
                </td>
                <td>
                  <Num value={rootMeanSquare} format={three} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
