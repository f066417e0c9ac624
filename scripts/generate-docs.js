// Writes the documents that are made from the sources; run after a build.
import { writeFileSync } from 'node:fs';
import { configReference } from '../build/config/docs.js';
import { configJsonSchema } from '../build/config/schema.js';
import { printJson } from '../build/report/json.js';
import { reportSchema } from '../build/report/report-shape.js';

const documents = {
  'config.md': configReference(),
  'config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  'report.schema.json': printJson(reportSchema()),
};
for (const [name, text] of Object.entries(documents)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
}
