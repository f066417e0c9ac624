import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { renderGithub } from '../../src/report/github.ts';
import { nastyReports, samples, worstReport } from '../support/hostile.ts';

interface Annotation {
  readonly level: string;
  readonly title: string;
  readonly message: string;
}

/** As the runner of GitHub Actions reads a line: the name up to a space, properties between commas, the rest behind `::`; one property. */
function parse(line: string): Annotation {
  const [, level, title, message] = /^::(\w+) title=([^:,]*)::(.*)$/.exec(line) ?? [];
  if (level === undefined) throw new Error(`not a command: ${line}`);
  const plain = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  return { level, title: plain(title!), message: plain(message!) };
}

const read = (report: Report) => renderGithub(report).trimEnd().split('\n').map(parse);

test('the verdict, findings by what the gate does, and what could not be told', () => {
  const all = read(samples.typical!);
  expect(all.map(({ level }) => level)).toEqual([
    ...Array<string>(7).fill('error'),
    ...Array<string>(4).fill('warning'),
    'notice',
  ]);
  expect(all[0]!.title).toBe('driftgate: BREACH');
  expect(all[1]).toEqual({
    level: 'error',
    title: 'P1 column missing: customer.segment',
    message: 'the current data has no column "customer.segment", which the reference has',
  });
  expect(all.at(-1)).toMatchObject({
    title: 'driftgate: 3 columns undetermined',
    message: expect.stringContaining('account_age_days (φ² 0.051, provable from 0.121)'),
  });
});

test('a pass is a notice, no verdict an error', () => {
  expect(read(samples.stable!)[0]).toMatchObject({ level: 'notice', title: 'driftgate: PASS' });
  expect(read(samples['without columns']!)).toEqual([
    { level: 'error', title: 'driftgate: NO VERDICT', message: expect.stringContaining('12 rows') },
  ]);
});

test('per cent signs, commas and colons come through', () => {
  const [, unseen] = read(samples.typical!).filter(({ title }) => title.includes('merchant_category'));
  expect(unseen!.title).toBe('P3 drift, warn level: merchant_category');
  expect(renderGithub(samples.typical!)).toContain('4.2 %25 of the rows');
});

test.each(Object.entries({ ...samples, worst: worstReport(3000) }))(
  'a %s report: no more than GitHub shows',
  (_, report) => {
    const all = read(report);
    for (const level of ['error', 'warning', 'notice']) {
      expect(all.filter((annotation) => annotation.level === level).length).toBeLessThanOrEqual(10);
    }
    for (const { title, message } of all) {
      expect(title.length).toBeLessThanOrEqual(250);
      expect(message.length).toBeLessThan(8000);
    }
    const stopping = report.findings.filter(({ severity }) => severity !== 'P3').length;
    const left = all.find(({ level, title }) => level === 'error' && title.includes(' more finding'));
    const errors = all.filter(({ level }) => level === 'error').length - (report.gate.status === 'pass' ? 0 : 1);
    const counted = left ? Number(/[\d,]+/.exec(left.title)![0].replace(',', '')) + errors - 1 : errors;
    expect(counted).toBe(stopping);
  },
);

test('whatever the names are, every line is one of our commands', () => {
  fc.assert(
    fc.property(nastyReports, (report) => {
      for (const { level, message } of read(report)) {
        expect(['error', 'warning', 'notice']).toContain(level);
        expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\p{Cs}/u);
      }
      expect(renderGithub(report)).toBe(renderGithub(report));
    }),
    { numRuns: 200 },
  );
});
