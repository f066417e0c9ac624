import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Report } from '../../src/model/report.ts';
import { renderJson } from '../../src/report/json.ts';

let compiled: ValidateFunction | undefined;

/** docs/report.schema.json as a validator; compiled by the first report of a process. */
export function publishedSchema(): ValidateFunction {
  compiled ??= new Ajv2020({ allErrors: true, strict: true, strictTypes: false }).compile(
    JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')),
  );
  return compiled;
}

/** What is wrong with a report.json; null when nothing is. */
export function schemaErrors(json: string): string | null {
  const validate = publishedSchema();
  if (validate(JSON.parse(json))) return null;
  return validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
}

/**
 * The same report, as long as its JSON is what docs/report.schema.json says.
 *
 * @throws {Error} that names what is not
 */
export function asPublished(report: Report): Report {
  const errors = schemaErrors(renderJson(report));
  if (errors !== null) throw new Error(`the report is not what docs/report.schema.json says: ${errors}`);
  return report;
}
