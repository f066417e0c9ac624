import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of the libraries among bundled modules, which ask to travel with them. */
export function licencesOf(moduleIds, heading) {
  const packages = new Map();
  for (const id of moduleIds) {
    const match = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^.\\/][^\\/]*))[\\/]/.exec(id);
    if (match) packages.set(match[2], match[1]);
  }
  const byText = new Map();
  for (const [name, folder] of [...packages].sort()) {
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = readFileSync(join(folder, file), 'utf8').trim().replace(/--+/g, '-');
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  return [heading, ...[...byText].map(([text, names]) => `${names.join(', ')}\n\n${text}`)].join('\n\n');
}
