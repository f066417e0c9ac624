import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildPackage, root, start } from './cli/built.ts';

/** The README shows what the tool prints. `UPDATE_README=1 npx vitest run test/readme.test.ts` writes it anew. */

const path = join(root, 'README.md');
const transcript = /<!-- transcript: (?<line>[^;]+); exit (?<code>\d) -->\n```\n(?<output>[\s\S]*?)```/;

let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
}, 60_000);

it('shows the real output and exit code of its first command', async () => {
  const readme = readFileSync(path, 'utf8');
  const { line, code, output } = transcript.exec(readme)!.groups as Record<'line' | 'code' | 'output', string>;
  const { exitCode, stdout } = await start(installed, [...line.split(' '), '--no-out', '--no-color'], { cwd: root })
    .ended;
  const shown = `${timeless(stdout).trimEnd()}\n`;
  if (process.env.UPDATE_README) {
    writeFileSync(
      path,
      readme.replace(transcript, (block) => block.replace(/```\n[\s\S]*```/, `\`\`\`\n${shown}\`\`\``)),
    );
    return;
  }
  expect(exitCode).toBe(Number(code));
  expect(output).toBe(shown);
  expect(readme).toContain(`npx driftgate ${line}`);
}, 60_000);

/** The only thing that differs between two runs. */
function timeless(text: string): string {
  return text.replace(/\d+(\.\d+)? m?s$/m, '0.5 s');
}
