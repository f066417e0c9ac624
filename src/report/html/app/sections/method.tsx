import type { ComponentChildren } from 'preact';
import type { Report } from '../../../../model/report.ts';
import type { DatasetInfo, ServerUse } from '../../../../model/run.ts';
import { printable } from '../../../../model/text.ts';
import { formatBytes, formatCount, formatDuration, formatNumber, formatQuantity } from '../../../numbers.ts';
import { outcomes, outcomeWords } from '../../../words.ts';
import type { SectionProps } from '../page.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Sentence, Text } from '../parts/text.tsx';

/** What a reader needs to trust the numbers, and to get them again. */
export function Method({ report, printing }: SectionProps) {
  const { alpha, familySize, noise } = report.method;
  const entries: readonly (readonly [string, ComponentChildren])[] = [
    [
      'question',
      'Is the drift of a column larger than the tolerance written down for it, beyond what sampling explains? Small drift never alarms, however many rows there are.',
    ],
    [
      'φ²',
      'The distance of the two distributions over the tested cells, on the scale of PSI. For a normal column 0.1 is a shift of the mean by a third of a standard deviation, or an eighth of the rows moved; 0.25 is half a standard deviation.',
    ],
    ['alpha', `${formatNumber(alpha)}: at most this probability of any false finding in one run.`],
    ['family', `${formatQuantity(familySize, 'hypothesis', 'hypotheses')} share it (Holm).`],
    ['noise', <Sentence key="noise">{noise}</Sentence>],
    ...layers(report),
    [
      'outcomes',
      <ul>
        {outcomes.map((outcome) => (
          <li key={outcome}>
            <b>{outcomeWords[outcome].word}</b>: {outcomeWords[outcome].meaning}
          </li>
        ))}
      </ul>,
    ],
    ...provenance(report),
  ];
  return (
    <>
      <Notes notes={report.notes} printing={printing} />
      <dl>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Configuration values={report.config.values} printing={printing} />
      <Files name="Reference" dataset={report.datasets.reference} />
      <Files name="Current" dataset={report.datasets.current} />
    </>
  );
}

/** What made the report, when, and by which settings. */
export function provenance(
  report: Pick<Report, 'tool' | 'schemaVersion' | 'run' | 'config'>,
): readonly (readonly [string, ComponentChildren])[] {
  return [
    [
      'made by',
      <>
        driftgate <Text value={report.tool.version} />, <Text value={report.tool.engine} />; report version{' '}
        {report.schemaVersion}
      </>,
    ],
    [
      'run',
      <>
        <Text value={report.run.startedAt} />, {formatDuration(report.run.durationMs)},{' '}
        {formatQuantity(report.run.threads, 'thread')}
      </>,
    ],
    [
      'configuration',
      <>
        {report.config.file === null ? 'defaults and flags' : <Text value={report.config.file} limit={200} />}, SHA-256{' '}
        <code>
          <Text value={report.config.sha256} limit={64} />
        </code>
      </>,
    ],
  ];
}

export function Notes({ notes, printing }: { notes: readonly string[]; printing: boolean }) {
  if (notes.length === 0) return null;
  return (
    <details open={printing || notes.length <= 12}>
      <summary>
        <h3>Decided on the way ({formatCount(notes.length)})</h3>
      </summary>
      <ul>
        {notes.map((note, i) => (
          <li key={i}>
            <Sentence>{note}</Sentence>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Configuration({ values, printing }: { values: Report['config']['values']; printing: boolean }) {
  return (
    <details open={printing}>
      <summary>
        <h3>Effective configuration</h3>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{lines(values)}</pre>
    </details>
  );
}

/** How the layers came about that this report has: what the configuration leaves to the data. */
function layers({ time, outcomes, segments, config }: Report): (readonly [string, ComponentChildren])[] {
  const told: (readonly [string, ComponentChildren])[] = [];
  if (time && time.windows.length > 0) {
    const { window } = config.values;
    const rule =
      typeof window === 'string' || typeof window === 'number' ? `by the rule “${window}”` : 'by the tool’s choice';
    const days =
      time.column === null ? (
        ', by the order of the rows'
      ) : (
        <>
          , by <Text value={time.column} limit={80} />, in days of <Text value={time.zone} limit={60} />
        </>
      );
    told.push([
      'windows',
      <>
        The batch is cut into {formatQuantity(time.windows.length, 'window')} <Text value={rule} limit={60} />
        {days}.
      </>,
    ]);
  }
  if (outcomes) {
    const { columns, join } = outcomes;
    told.push([
      'labels',
      <>
        <Text value={columns.label} limit={80} />{' '}
        {join === null ? (
          'of the log itself.'
        ) : (
          <>
            of <Text value={join.paths.join(', ')} limit={200} />, by the key <Text value={join.labelKey} limit={80} />.
          </>
        )}
      </>,
    ]);
  }
  if (segments && segments.length > 0) {
    const names = segments.map(({ columns }) => columns.join(' × ')).join(', ');
    told.push([
      'segments',
      <>
        By <Text value={names} limit={200} />.
      </>,
    ]);
  }
  return told;
}

/** Line by line, so that its line breaks stay and everything inside them is shown as what it is. */
function lines(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => printable(line, 1000))
    .join('\n');
}

export function Files({ name, dataset }: { name: string; dataset: DatasetInfo }) {
  return dataset.server ? (
    <Table name={name} dataset={dataset} server={dataset.server} />
  ) : (
    <FileList name={name} dataset={dataset} />
  );
}

/** What a table's server was asked; the first hundred queries travel with the page. */
function Table({ name, dataset, server }: { name: string; dataset: DatasetInfo; server: ServerUse }) {
  return (
    <>
      <h3>{name} table</h3>
      <p class="small">
        <Text value={`${dataset.paths.join(', ')} at ${server.origin}, asked as ${server.user}`} limit={300} />:{' '}
        {formatBytes(server.receivedBytes)} received; every query stands in report.json
      </p>
      <Scroll label={`${name} queries`}>
        <table class="numbers files">
          <thead>
            <tr>
              <th scope="col">query</th>
              <th scope="col">received</th>
              <th scope="col">rows scanned</th>
              <th scope="col">nodes</th>
            </tr>
          </thead>
          <tbody>
            {server.queries.map((query, i) => (
              <tr key={i}>
                <th scope="row">
                  <Text value={query.id} limit={80} />
                </th>
                <td>{formatBytes(query.receivedBytes)}</td>
                <td>{formatCount(query.scannedRows)}</td>
                <td>{formatCount(query.nodes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function FileList({ name, dataset }: { name: string; dataset: DatasetInfo }) {
  const dialect = Object.entries(dataset.dialect);
  return (
    <>
      <h3>{name} files</h3>
      {dialect.length > 0 && (
        <p class="small">
          Read as {dataset.format};{' '}
          <Text value={dialect.map(([key, value]) => `${key}: ${value}`).join('; ')} limit={600} />
        </p>
      )}
      <Scroll label={`${name} files`}>
        <table class="numbers files">
          <thead>
            <tr>
              <th scope="col">file</th>
              <th scope="col">size</th>
              <th scope="col">modified</th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {dataset.files.map((file, i) => (
              <tr key={i}>
                <th scope="row">
                  <Text value={file.path} limit={200} />
                </th>
                <td title={`${formatCount(file.sizeBytes)} bytes`}>{formatBytes(file.sizeBytes)}</td>
                <td>{printable(file.modifiedAt.replace(/\.\d+Z$/, 'Z').replace('T', ' '), 40)}</td>
                <td title={`of the ${file.hashOf}`}>
                  <code>{printable(file.sha256, 64)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
