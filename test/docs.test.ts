import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPackage, root, start } from './cli/built.ts';

/** The pages of docs show what the tool prints. `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes it anew. */

const folder = join(root, 'docs');
const transcript = /<!-- transcript: (?<line>[^;]+); exit (?<code>\d) -->\n```\n(?<output>[\s\S]*?)```/g;
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && /<!-- transcript: /.test(readFileSync(join(folder, name), 'utf8')))
  .sort();

let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
}, 60_000);

describe.each(pages)('%s', (name) => {
  const path = join(folder, name);
  const found = [...readFileSync(path, 'utf8').matchAll(transcript)];

  it.each(found.map(({ groups, 0: block }) => [groups!.line!, block, groups!] as const))(
    'shows what is printed: driftgate %s',
    { timeout: 60_000 },
    async (line, block, { code, output }) => {
      const { exitCode, stdout } = await start(installed, [...line.split(' '), '--no-out', '--no-color'], { cwd: root })
        .ended;
      const shown = `${timeless(stdout).trimEnd()}\n`;
      if (process.env.UPDATE_DOCS) {
        const page = readFileSync(path, 'utf8');
        writeFileSync(
          path,
          page.replace(block, () => block.replace(/```\n[\s\S]*```/, () => `\`\`\`\n${shown}\`\`\``)),
        );
        return;
      }
      expect(exitCode).toBe(Number(code));
      expect(output).toBe(shown);
    },
  );
});

/** The only thing that differs between two runs. */
function timeless(text: string): string {
  return text.replace(/\d+(\.\d+)? m?s$/m, '0.5 s');
}
