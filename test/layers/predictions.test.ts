import { it } from 'vitest';
import { checkFiles } from '../support/check.ts';
it('x', async () => {
  for (const now of ['healthy', 'drifted']) {
  const r = await checkFiles('fixtures/credit-scoring/reference.parquet', `fixtures/credit-scoring/${now}.parquet`);
  console.log(JSON.stringify(r.predictions, (k, v) => k==='histogram' ? undefined : v, 1), r.findings.map(f=>f.message), r.notes, r.method.familySize);
  console.log(r.predictions!.histogram!.classes);
  }
});
