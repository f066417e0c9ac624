import type { Report } from '../model/report.ts';
import { printable } from '../model/text.ts';
import type { Finding } from '../model/verdict.ts';
import { formatCount, formatQuantity } from './numbers.ts';
import { findingTitles, outcomeWords, provable, shownName, statusWords, stopsTheGate } from './words.ts';

/** Of one level in one step; GitHub shows no more, and says nothing of the others. */
const shownOfLevel = 10;
const titleLength = 200;
const messageLength = 1000;

type Level = 'error' | 'warning' | 'notice';

/**
 * The report as workflow commands, which GitHub Actions turns into annotations when they stand on the output of a step: the
 * verdict, each finding that the gate stops for as an error, each other one as a warning, and what could not be told as a notice.
 */
export function renderGithub(report: Report): string {
  const { status, reason } = report.gate;
  const { word } = statusWords[status];
  const stopping = report.findings.filter((finding) => stopsTheGate(report, finding));
  const others = report.findings.filter((finding) => !stopsTheGate(report, finding));
  const lines = [
    command(status === 'pass' ? 'notice' : 'error', `driftgate: ${word}`, reason),
    // the verdict takes the place of one
    ...listed('error', stopping, shownOfLevel - 1),
    ...listed('warning', others, shownOfLevel),
    ...untold(report),
  ];
  return `${lines.join('\n')}\n`;
}

/** As many as GitHub shows; the last one counts the rest. */
function listed(level: Level, findings: readonly Finding[], most: number): string[] {
  const shown = findings.length > most ? findings.slice(0, most - 1) : findings;
  const left = findings.length - shown.length;
  return [
    ...shown.map((finding) =>
      command(
        level,
        `${finding.severity} ${findingTitles[finding.code]}${finding.column === null ? '' : `: ${shownName(finding.column, 100)}`}`,
        finding.message,
      ),
    ),
    ...(left > 0
      ? [command(level, `driftgate: ${formatQuantity(left, 'more finding')}`, 'the report has them all')]
      : []),
  ];
}

function untold(report: Report): string[] {
  const names = report.columns
    .filter(({ outcome }) => outcome === 'undetermined')
    .map((column) => {
      const told = provable(column);
      return shownName(column.name, 60) + (told === null ? '' : ` (${told})`);
    });
  if (names.length === 0) return [];
  const more = names.length > 10 ? ` and ${formatCount(names.length - 10)} more` : '';
  return [
    command(
      'notice',
      `driftgate: ${formatQuantity(names.length, 'column')} ${outcomeWords.undetermined.word}`,
      `${outcomeWords.undetermined.meaning}: ${names.slice(0, 10).join(', ')}${more}`,
    ),
  ];
}

/** One command on one line; whatever would end it, or a property of it, is escaped as GitHub's own toolkit does. */
function command(level: Level, title: string, message: string): string {
  return `::${level} title=${property(printable(title, titleLength))}::${data(printable(message, messageLength))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
