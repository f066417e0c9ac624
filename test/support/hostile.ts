import fc from 'fast-check';
import type { Report } from '../../src/model/report.ts';
import { buildReport, hostilePlans, hostileTexts, widePlans } from './report-builder.ts';

/** What each format would stumble over, beside what the log itself may hold. */
export const nastyTexts: readonly string[] = [
  ...hostileTexts,
  '::error::no',
  '  ::add-mask::secret',
  '##[error]no',
  '=cmd()',
  '=HYPERLINK("http://example.com";"x")',
  '+1+1',
  "-2+3+cmd|' /C calc'!A0",
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '＝1+1',
  ']]>',
  '<![CDATA[',
  '<?xml?>',
  '&amp',
  '\ufffe\uffff\ufdd0\u{1fffe}\u{10ffff}',
  'a|b',
  'a\\|b',
  '\\',
  'a\\',
  '`',
  'a`b``c',
  '| --- | --- |',
  '[a](javascript:alert(1))',
  '![a](http://example.com/x.png)',
  '<details>',
  '</details>',
  '</code>',
  '<!-- ',
  '@everyone me@example.com #1 www.example.com http://example.com',
  '# heading',
  '- list',
  '1. list',
  '> quote',
  '    code',
  '***',
  '_a_ __b__ *c* ~~d~~ $x$',
  'quote " comma , line\n\nbreak',
  '%0A%25',
  '# EOF',
  '# HELP x y',
  '"} 1',
  'a (2)',
  '-',
  '',
];

/** What no rendering for people may let through: it moves the cursor, hides, reorders or is half a character. */
export const hiding =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Names and values as nobody would wish them. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(...nastyTexts),
  fc.array(fc.constantFrom(...nastyTexts.filter((text) => text.length < 40)), { maxLength: 4 }).map((t) => t.join('')),
  fc
    .constantFrom('|', '`', '<', '\\', ':', '=', '"', '\u0301', '\ud800', '\n')
    .chain((c) => fc.integer({ min: 1, max: 300 }).map((n) => c.repeat(n))),
);

/** Reports whose names, categories, reasons, errors and notes are of that kind. */
export const nastyReports: fc.Arbitrary<Report> = fc
  .record({
    names: fc.array(nasty, { minLength: 1, maxLength: 8 }),
    notes: fc.array(nasty, { maxLength: 4 }),
    whole: nasty,
    status: fc.constantFrom(undefined, 'pass', 'breach', 'no-verdict'),
  })
  .map(({ names, notes, whole, status }) => {
    const report = buildReport({ columns: hostilePlans(names), notes, ...(status === undefined ? {} : { status }) });
    const [first] = report.findings;
    return {
      ...report,
      gate: { ...report.gate, reason: whole },
      // one that is about no single column
      findings: first ? [{ ...first, column: null, role: null, message: whole }, ...report.findings] : [],
    };
  });

/** Reports of every kind, by name. */
export const samples: Readonly<Record<string, Report>> = {
  typical: buildReport(),
  stable: buildReport({ columns: widePlans(40).slice(22), status: 'pass' }),
  wide: buildReport({ columns: widePlans(3000) }),
  hostile: buildReport({ columns: hostilePlans(nastyTexts), notes: nastyTexts }),
  'without columns': buildReport({ columns: [], status: 'no-verdict' }),
};

/** The widest report there may be: every column drifted, every name as long and as hostile as it gets. */
export function worstReport(columns: number): Report {
  const ugly = ['|<>&"`', '字|', '\ud800', '𝕏]]>', '\u202e'];
  return buildReport({
    columns: Array.from({ length: columns }, (_, i) => ({
      ...hostilePlans([ugly[i % ugly.length]!.repeat(300)])[0]!,
      outcome: 'drift' as const,
    })),
    notes: Array.from({ length: 50 }, () => '|<>&"`'.repeat(300)),
  });
}
