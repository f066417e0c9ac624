import { expect, it } from 'vitest';
import { renderings } from '../../src/report/registry.ts';
import { buildReport } from '../support/report-builder.ts';

it.each(renderings.map((rendering) => [rendering.format, rendering] as const))(
  '%s renders',
  async (_format, rendering) => {
    const render = await rendering.load();
    const text = render(buildReport(), { color: false, width: 80 });
    expect(text.endsWith('\n')).toBe(true);
    expect(text).toContain('annual_income');
  },
);

it('every format and every file name is there once', () => {
  for (const key of ['format', 'fileName'] as const) {
    expect(new Set(renderings.map((rendering) => rendering[key])).size).toBe(renderings.length);
  }
});
