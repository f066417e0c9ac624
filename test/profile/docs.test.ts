import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPackage, root, start } from '../cli/built.ts';

/**
 * docs/profiles.md shows commands and what they print, one after the other in one folder. `UPDATE_TRANSCRIPTS=1 npx vitest run
 * test/profile/docs.test.ts` writes what they print anew.
 */

const page = join(root, 'docs/profiles.md');
const session = /(<!-- session -->\n```\n)([\s\S]*?)(```)/g;
const folder = mkdtempSync(join(tmpdir(), 'driftgate-docs-'));
let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
  for (const name of ['reference', 'healthy', 'drifted']) {
    copyFileSync(join(root, `fixtures/credit-scoring/${name}.parquet`), join(folder, `${name}.parquet`));
  }
  writeFileSync(join(folder, 'salt.txt'), 'keep this to yourselves\n');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

it('docs/profiles.md shows what is printed', async () => {
  const text = readFileSync(page, 'utf8');
  const printed: string[] = [];
  for (const [, , body] of text.matchAll(session)) {
    const lines = body!.split('\n').filter((line) => line.startsWith('$ driftgate '));
    let shown = '';
    for (const line of lines) {
      const words = [...line.slice('$ driftgate '.length).matchAll(/"([^"]*)"|(\S+)/g)].map(
        ([, quoted, word]) => quoted ?? word!,
      );
      const { exitCode, stdout, stderr } = await start(installed, words, { cwd: folder }).ended;
      const output = `${stderr}${stdout}`.trimEnd();
      shown += `${line}\n${output === '' ? '' : `${output}\n`}${exitCode === 0 ? '' : `(exit code ${exitCode})\n`}`;
    }
    printed.push(shown);
  }
  expect(printed.length).toBeGreaterThan(3);
  let i = 0;
  const now = text.replace(session, (_, open: string, __, close: string) => `${open}${printed[i++]}${close}`);
  if (process.env.UPDATE_TRANSCRIPTS) writeFileSync(page, now);
  else expect(now).toBe(text);
}, 120_000);
