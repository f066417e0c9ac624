import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, terminalText } from '../../src/report/display-width.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { nastyTexts } from '../support/hostile.ts';
import { buildReport, columnPlans, hostilePlans, widePlans } from '../support/report-builder.ts';

const plain = { color: false, width: 80 };

function widest(text: string): number {
  return Math.max(...text.split('\n').map(displayWidth));
}

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['age', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['字', 2],
    ['ｆｕｌｌ', 8],
    ['한글', 4],
    ['🚀', 2],
    ['🫠', 2],
    ['│φ²≥', 4],
    ['مرحبا', 5],
  ])('%s takes %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

it('leaves nothing in a text that moves the cursor, hides or reorders', () => {
  for (const text of nastyTexts) {
    const safe = terminalText(text);
    expect(safe).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\ufe0f|\p{Cs}/u,
    );
  }
});

describe('renderTerminal', () => {
  it('starts with the verdict in words', () => {
    expect(renderTerminal(buildReport(), plain)).toMatch(/^ BREACH {2}6 findings at P2 or worse/);
    expect(renderTerminal(buildReport({ columns: columnPlans.slice(10, 12) }), plain)).toMatch(/^ PASS {2}no finding/);
    expect(renderTerminal(buildReport({ columns: [], status: 'no-verdict' }), plain)).toMatch(/^ NO VERDICT {2}/);
  });

  it('says with colours nothing that it does not say without', () => {
    const colored = renderTerminal(buildReport(), { ...plain, color: true });
    expect(colored).toContain('\u001b[');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderTerminal(buildReport(), plain));
  });

  it('shows findings worst first, then undetermined, stable and untested columns, then the method', () => {
    const text = renderTerminal(buildReport(), plain);
    const places = [
      'P1 │',
      'P2 │',
      'P3 │',
      '◇ 3 undetermined:',
      '● 4 stable:',
      '○ 5 not tested:',
      '\n- ',
      'alpha 0.01',
    ].map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).toContain('provable from 0.121');
    expect(text).toContain('device_fingerprint could not be measured: out of memory');
  });

  it('stops at twenty findings and says how many more there are', () => {
    const columns = Array.from({ length: 31 }, (_, i) => ({ ...columnPlans[1]!, name: `income_${i}` }));
    const text = renderTerminal(buildReport({ columns }), plain);
    expect(text.match(/P2 │/g)).toHaveLength(20);
    expect(text).toContain('… and 42 more, see report.json');
  });

  it('stays short however many columns there are', () => {
    const text = renderTerminal(buildReport({ columns: widePlans(3000) }), plain);
    expect(text.split('\n').length).toBeLessThan(70);
    expect(text).toMatch(/2,\d\d\d stable: .*\n.*\n.* … and 2,\d\d\d more\n/);
  });

  it.each([40, 80, 200])('keeps to %i columns with hostile names', (width) => {
    const report = buildReport({ columns: hostilePlans(nastyTexts), notes: nastyTexts });
    const text = renderTerminal(report, { color: false, width });
    expect(widest(text)).toBeLessThanOrEqual(width);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('keeps to 80 columns whatever the names are', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.constantFrom(...nastyTexts),
      fc
        .constantFrom('字', '🚀', '\u0301', 'ﷺ', '\u1160', '🇩🇪', '👍🏽')
        .chain((c) => fc.integer({ min: 1, max: 300 }).map((n) => c.repeat(n))),
    );
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 8 }), (names) => {
        const text = renderTerminal(buildReport({ columns: hostilePlans(names), notes: names }), plain);
        for (const line of text.split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(80);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows a name of nothing but spaces', () => {
    const columns = [{ ...columnPlans[9]!, name: '  ' }];
    expect(renderTerminal(buildReport({ columns }), plain)).toContain('stable: "  "');
  });
});
