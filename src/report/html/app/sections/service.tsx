import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Report } from '../../../../model/report.ts';
import {
  latencyPercentiles,
  type ServiceLevel,
  type ServiceMeasure,
  type ServiceReport,
} from '../../../../model/service.ts';
import { formatCount, formatNumber, formatQuantity, formatShare } from '../../../numbers.ts';
import { type ShownWindow, shownMoment, shownWindows } from '../../../windows.ts';
import { type Level, SeriesChart, type SeriesForm } from '../charts/series.tsx';
import type { Entry } from '../entries.ts';
import type { SectionProps } from '../page.tsx';
import { Mark } from '../parts/mark.tsx';
import { Num, type NumberFormat, Share } from '../parts/number.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SideName } from '../parts/sides.tsx';
import { ColumnLink, Sentence, Text } from '../parts/text.tsx';

export function hasService({ service }: Report): boolean {
  return service !== undefined;
}

const measureWords = {
  p50: 'median latency',
  p95: '95 % of the latencies',
  p99: '99 % of the latencies',
  error_rate: 'share of errors',
  throughput: 'throughput',
} satisfies Record<ServiceMeasure, string>;

function formatOf(measure: ServiceMeasure): NumberFormat {
  return measure === 'error_rate' ? formatShare : measure === 'throughput' ? formatRate : formatMilliseconds;
}

function formatMilliseconds(value: number): string {
  return `${formatNumber(value)} ms`;
}

function formatRate(value: number): string {
  return `${formatNumber(value, 3)} rows/s`;
}

/** How fast and how reliably the service answered. */
export function Service({ report, entries, printing }: SectionProps) {
  return <ServiceView service={report.service!} zone={report.time?.zone} entries={entries} printing={printing} />;
}

interface ServiceViewProps extends Pick<SectionProps, 'entries' | 'printing'> {
  readonly service: ServiceReport;
  readonly zone: string | undefined;
}

export function ServiceView({ service, zone, entries, printing }: ServiceViewProps) {
  const windows = useMemo(() => shownWindows(service.windows, zone), [service, zone]);
  const byName = useMemo(() => new Map(entries.map((entry) => [entry.column.name, entry] as const)), [entries]);
  return (
    <>
      <Levels levels={service.levels} windows={windows} byName={byName} />
      <Latencies service={service} byName={byName} />
      <Statuses service={service} byName={byName} />
      {service.time && (
        <p class="small">
          {formatRate(service.time.throughput)} from {shownMoment(service.time.from, zone)} to{' '}
          {shownMoment(service.time.to, zone)}, by <Text value={service.time.column} limit={60} />.
        </p>
      )}
      {windows.length > 1 && <ByWindow service={service} windows={windows} printing={printing} />}
    </>
  );
}

function Name({ name, byName }: { name: string; byName: Map<string, Entry> }) {
  const entry = byName.get(name);
  return entry ? <ColumnLink entry={entry} /> : <Text value={name} limit={60} />;
}

interface LevelsProps {
  readonly levels: readonly ServiceLevel[];
  readonly windows: readonly ShownWindow[];
  readonly byName: Map<string, Entry>;
}

const windowsNamed = 3;

function Levels({ levels, windows, byName }: LevelsProps) {
  if (levels.length === 0) return <p class="small">No service level is written down.</p>;
  return (
    <Scroll label="Service levels">
      <table class="numbers service-levels">
        <thead>
          <tr>
            <th scope="col">service level</th>
            <th scope="col">level</th>
            <th scope="col">found</th>
            <th scope="col" class="judgement">
              kept
            </th>
          </tr>
        </thead>
        <tbody>
          {levels.map(({ measure, column, level, found, missed, reason, windows: missing }, i) => {
            const format = formatOf(measure);
            return (
              <tr key={i}>
                <th scope="row">
                  {missed && <Mark level="fail" />}
                  {measureWords[measure]}
                  {column !== null && (
                    <span class="small">
                      {' '}
                      <Name name={column} byName={byName} />
                    </span>
                  )}
                </th>
                <td>
                  {measure === 'throughput' ? 'at least' : 'at most'} {format(level)}
                </td>
                <td>
                  <Num value={found} format={format} />
                </td>
                <td class="judgement">
                  {missed === null ? (
                    <span class="none">
                      not judged: <Sentence>{reason ?? ''}</Sentence>
                    </span>
                  ) : missed ? (
                    <b class="rejected fail">
                      <span aria-hidden="true">▲</span> missed
                    </b>
                  ) : (
                    'yes'
                  )}
                  {missing.length > 0 && (
                    <span class="small">
                      {' '}
                      in {formatQuantity(missing.length, 'window')}, from{' '}
                      {missing
                        .slice(0, windowsNamed)
                        .map((at) => windows[at]?.short ?? '')
                        .join(', ')}
                      {missing.length > windowsNamed && ' …'}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function Latencies({ service: { latencies }, byName }: { service: ServiceReport; byName: Map<string, Entry> }) {
  if (latencies.length === 0) return null;
  return (
    <>
      <h3>Latency</h3>
      <Scroll label="Latency">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">column</th>
              <th scope="col">side</th>
              {latencyPercentiles.map((percentile) => (
                <th key={percentile} scope="col">
                  {percentile}
                </th>
              ))}
              <th scope="col">largest</th>
              <th scope="col">rows</th>
              <th scope="col">missing, invalid</th>
            </tr>
          </thead>
          <tbody>
            {latencies.flatMap(({ column, unit, reason, reference, current }) =>
              (['reference', 'current'] as const).map((side) => {
                const summary = side === 'reference' ? reference : current;
                return (
                  <tr key={`${column} ${side}`}>
                    <th scope="row">
                      <Name name={column} byName={byName} />
                      {side === 'reference' && (
                        <span class="small">
                          {' '}
                          read as {unit}: <Text value={reason} limit={80} />
                        </span>
                      )}
                    </th>
                    <td>
                      <span class={`key ${side}`}>
                        <SideName of={side} />
                      </span>
                    </td>
                    {latencyPercentiles.map((percentile) => {
                      const found = summary?.percentiles?.[percentile];
                      return (
                        <td key={percentile}>
                          {found && !found.exact && '≤ '}
                          <Num value={found?.value} format={formatMilliseconds} />
                        </td>
                      );
                    })}
                    <td>
                      <Num value={summary?.max} format={formatMilliseconds} />
                    </td>
                    <td>{summary === null ? '–' : formatCount(summary.rows)}</td>
                    <td>
                      {summary === null ? '–' : `${formatCount(summary.missing)}, ${formatCount(summary.invalid)}`}
                    </td>
                  </tr>
                );
              }),
            )}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Statuses({ service: { statuses }, byName }: { service: ServiceReport; byName: Map<string, Entry> }) {
  if (statuses.length === 0) return null;
  return (
    <>
      <h3>Errors</h3>
      <Scroll label="Errors">
        <table class="numbers statuses">
          <thead>
            <tr>
              <th scope="col">column</th>
              <th scope="col">side</th>
              <th scope="col">errors</th>
              <th scope="col">rows</th>
              <th scope="col">most frequent statuses</th>
            </tr>
          </thead>
          <tbody>
            {statuses.flatMap(({ column, reference, current }) =>
              (['reference', 'current'] as const).map((side) => {
                const summary = side === 'reference' ? reference : current;
                return (
                  <tr key={`${column} ${side}`}>
                    <th scope="row">
                      <Name name={column} byName={byName} />
                    </th>
                    <td>
                      <span class={`key ${side}`}>
                        <SideName of={side} />
                      </span>
                    </td>
                    <td>{summary === null ? '–' : <Share rows={summary.errors} of={summary.rows} />}</td>
                    <td>{summary === null ? '–' : formatCount(summary.rows)}</td>
                    <td>
                      {summary?.top.slice(0, statusesShown).map(({ value, rows, error }, i) => (
                        <span key={i}>
                          {i > 0 && ', '}
                          <Text value={value} limit={30} /> {formatCount(rows)}
                          {error && ' (error)'}
                        </span>
                      ))}
                    </td>
                  </tr>
                );
              }),
            )}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

const statusesShown = 5;
const percentileForms: Readonly<Record<(typeof latencyPercentiles)[number], SeriesForm>> = {
  p50: 'second',
  p95: 'current',
  p99: 'third',
};

interface ByWindowProps {
  readonly service: ServiceReport;
  readonly windows: readonly ShownWindow[];
  readonly printing: boolean;
}

function ByWindow({ service, windows, printing }: ByWindowProps) {
  const { latencies, statuses, levels } = service;
  const levelOf = (measure: ServiceMeasure, column: string | null, form: Level['form'] = 'fail'): Level[] => {
    const found = levels.find((level) => level.measure === measure && level.column === column);
    return found === undefined ? [] : [{ name: `${measure.replace('_', ' ')} level`, value: found.level, form }];
  };
  const throughput = service.windows.map((window) => window.throughput);
  return (
    <>
      <h3>By window</h3>
      <div class="cards wide">
        {latencies.map(({ column }, at) => (
          <Card key={`latency ${at}`} title="Latency" column={column}>
            <SeriesChart
              label="Latency by window"
              windows={windows}
              series={latencyPercentiles.map((percentile) => ({
                name: percentile,
                form: percentileForms[percentile],
                values: service.windows.map((window) => window.latencies[at]?.[percentile] ?? null),
              }))}
              levels={latencyPercentiles.flatMap((percentile) =>
                levelOf(percentile, column, percentileForms[percentile]),
              )}
              format={formatMilliseconds}
              fromZero
              printing={printing}
            />
          </Card>
        ))}
        {statuses.map(({ column }, at) => (
          <Card key={`status ${at}`} title="Errors" column={column}>
            <SeriesChart
              label="Share of errors by window"
              windows={windows}
              series={[
                {
                  name: 'share of errors',
                  form: 'current',
                  values: service.windows.map(({ errors }) => {
                    const found = errors[at];
                    return found && found.of > 0 ? found.rows / found.of : null;
                  }),
                },
              ]}
              levels={levelOf('error_rate', column)}
              format={formatShare}
              fromZero
              printing={printing}
            />
          </Card>
        ))}
        {throughput.some((rate) => rate !== null) && (
          <Card title="Throughput" column={service.time?.column ?? null}>
            <SeriesChart
              label="Rows a second by window"
              windows={windows}
              series={[{ name: 'rows a second', form: 'current', values: throughput }]}
              levels={levelOf('throughput', null)}
              format={(value) => formatNumber(value, 3)}
              fromZero
              printing={printing}
            />
          </Card>
        )}
      </div>
    </>
  );
}

function Card({ title, column, children }: { title: string; column: string | null; children: ComponentChildren }) {
  return (
    <figure>
      <h4>
        {title}{' '}
        {column !== null && (
          <span class="small">
            <Text value={column} limit={60} />
          </span>
        )}
      </h4>
      {children}
    </figure>
  );
}
