import {
  type ComparedVersion,
  type CompareReport,
  type PairedVersion,
  pairedMetricIds,
  type VersionRole,
} from '../../../../model/compare.ts';
import { metricTitle } from '../../../../model/outcomes.ts';
import type { Finding, GateStatus } from '../../../../model/verdict.ts';
import { formatCount, formatInstant, formatNumber, formatQuantity, formatShare } from '../../../numbers.ts';
import { findingTitles, severityWords, statusWords } from '../../../words.ts';
import { SeverityBadge } from '../parts/badges.tsx';
import { SideName } from '../parts/sides.tsx';
import { Sentence, Text } from '../parts/text.tsx';
import type { CompareProps } from './page.tsx';

const told = 3;

const meanings = {
  pass: 'the challenger is not proven to be worse than the gate accepts, which does not prove it to be as good',
  breach: 'the challenger is proven to be worse than the gate accepts',
  'no-verdict': 'it could not be told',
} satisfies Record<GateStatus, string>;

/** Who is better and whether the gate stops, what decides it, and the two versions. */
export function Verdict({ report }: CompareProps) {
  const { gate, findings, standing, champion, challenger, paired } = report;
  const { word, symbol } = statusWords[gate.status];
  return (
    <header class="head">
      <div class={`verdict ${gate.status}`}>
        <h1>
          <span class="hidden">Two versions of a model: </span>
          <span aria-hidden="true">{symbol}</span> {word}
        </h1>
        <div>
          <p class="reason">
            <Sentence>{standing}</Sentence>
          </p>
          <p class="small">
            <Sentence>{gate.reason}</Sentence> {word.charAt(0) + word.slice(1).toLowerCase()}: {meanings[gate.status]}.
            The gate stops at {gate.failOn} ({severityWords[gate.failOn]}) or worse; exit code {gate.exitCode}. Run{' '}
            {formatInstant(Math.floor(Date.parse(report.run.startedAt) / 1000))} UTC.
          </p>
        </div>
        {findings.length > 0 && (
          <ol aria-label="The worst findings">
            {findings.slice(0, told).map((finding, i) => (
              <li key={i}>
                <SeverityBadge severity={finding.severity} />{' '}
                <b>{finding.column === null ? subjectOf(finding) : <Text value={finding.column} limit={60} />}</b>:{' '}
                {findingTitles[finding.code] ?? finding.code}
              </li>
            ))}
            {findings.length > told && (
              <li>
                <a href="#findings">{formatQuantity(findings.length - told, 'more finding')}</a>
              </li>
            )}
          </ol>
        )}
      </div>
      <ul class="counts tiles" aria-label="In numbers">
        {tiles(report).map(({ href, number, words }) => (
          <li key={words}>
            <a href={href}>
              <b>{number}</b>
              <span class="outcome">{words}</span>
            </a>
          </li>
        ))}
      </ul>
      <div class="sides">
        <Side as="champion" of={champion} met={paired?.champion ?? null} leads={report.leader === 'champion'} />
        <Side as="challenger" of={challenger} met={paired?.challenger ?? null} leads={report.leader === 'challenger'} />
      </div>
    </header>
  );
}

/** What a finding of no column is about: a metric, or the version as a whole. */
function subjectOf({ data }: Finding): string {
  const id = pairedMetricIds.find((id) => id === data.metric);
  return id === undefined ? 'the challenger' : metricTitle(id);
}

interface Tile {
  readonly href: string;
  readonly number: string;
  readonly words: string;
}

function tiles({ paired, challenger, findings }: CompareReport): Tile[] {
  if (paired === null) {
    return [
      { href: '#agreement', number: 'none', words: 'requests of both' },
      {
        href: '#findings',
        number: formatCount(findings.length),
        words: findings.length === 1 ? 'finding' : 'findings',
      },
      { href: '#method', number: formatCount(challenger.rows), words: 'rows of the challenger' },
    ];
  }
  const { agreement, labels, metrics, rows } = paired;
  const by = (role: VersionRole) => metrics.filter(({ better }) => better === role).length;
  const agreed: Tile | null =
    agreement === null
      ? null
      : agreement.form === 'values'
        ? { href: '#agreement', number: formatNumber(agreement.meanAbsolute, 3), words: 'between them on average' }
        : agreement.of === 0
          ? null
          : {
              href: '#agreement',
              number: formatShare(agreement.disagreed / agreement.of),
              words: 'answered differently',
            };
  return [
    { href: '#agreement', number: formatCount(rows), words: rows === 1 ? 'request of both' : 'requests of both' },
    ...(agreed === null ? [] : [agreed]),
    { href: '#metrics', number: formatCount(labels?.rows ?? 0), words: 'of them labelled' },
    ...(metrics.length === 0
      ? []
      : [
          {
            href: '#metrics',
            number: `${by('champion')} : ${by('challenger')}`,
            words: 'metrics won by either',
          },
        ]),
  ];
}

interface SideProps {
  readonly as: VersionRole;
  readonly of: ComparedVersion;
  readonly met: PairedVersion | null;
  readonly leads: boolean;
}

function Side({ as: role, of: { version, rows }, met, leads }: SideProps) {
  const side = role === 'champion' ? 'reference' : 'current';
  const apart =
    met &&
    [
      met.alone > 0 && `${formatCount(met.alone)} of a request of its own`,
      met.repeated > 0 && `${formatCount(met.repeated)} of a repeated request`,
      met.keyless > 0 && `${formatCount(met.keyless)} without an id`,
    ].filter((words) => words !== false);
  return (
    <section class={`side ${side}`} aria-labelledby={`side-${side}`}>
      <h2 id={`side-${side}`}>
        <span class={`key ${side}`}>
          <SideName of={side} />
        </span>
        {leads && <span class="tag">better</span>}
      </h2>
      <p>
        <b>
          <Text value={version} limit={120} />
        </b>{' '}
        <span class="small">
          {role === 'champion' ? 'decides today' : 'is tried'}, {formatQuantity(rows, 'row')}
        </span>
      </p>
      {apart && (
        <p class="small">
          {apart.length === 0 ? 'Every row has its partner.' : `Without a partner: ${apart.join(', ')}.`}
        </p>
      )}
    </section>
  );
}
