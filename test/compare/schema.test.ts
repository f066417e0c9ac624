import { expect, it } from 'vitest';
import { compareSchema } from '../../src/report/compare/shape.ts';
import { printJson } from '../../src/report/json.ts';

it('the published schema of a comparison is the one that the code writes by', async () => {
  await expect(printJson(compareSchema())).toMatchFileSnapshot('../../docs/compare.schema.json');
});
