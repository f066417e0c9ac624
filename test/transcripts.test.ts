import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPackage, root, start } from './cli/built.ts';

/**
 * README and docs show what the tool prints. A block of output stands below a comment with the command line that prints it, run in the
 * project's folder, and its exit code:
 *
 *   <!-- transcript: check --reference a.parquet --current b.parquet; exit 1 -->
 *
 * Words in 'quotation marks' are one argument. `UPDATE_TRANSCRIPTS=1 npx vitest run test/transcripts.test.ts` writes all of them anew.
 */

const transcript = /<!-- transcript: (?<line>[^\n]+); exit (?<code>\d) -->\n```\n(?<output>[\s\S]*?)```/g;
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

let installed: string;
beforeAll(async () => {
  installed = await buildPackage();
}, 60_000);

const transcriptsOf = (page: string) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(transcript)].map(({ groups }) => groups as unknown as Transcript);

it('are found', () => {
  expect(transcriptsOf('README.md')).toHaveLength(1);
});

describe.each(pages.filter((page) => transcriptsOf(page).length > 0))('%s', (page) => {
  const path = join(root, page);
  const found = transcriptsOf(page);
  it.each(found)(
    'shows what driftgate $line prints',
    async ({ line, code, output }) => {
      const { exitCode, stdout } = await start(installed, [...wordsOf(line), '--no-out', '--no-color'], { cwd: root })
        .ended;
      const shown = `${timeless(stdout).trimEnd()}\n`;
      if (process.env.UPDATE_TRANSCRIPTS) {
        // a function: what is printed may hold $
        writeFileSync(
          path,
          readFileSync(path, 'utf8').replace(blockOf(line, output), () => blockOf(line, shown)),
        );
        return;
      }
      expect(exitCode).toBe(Number(code));
      expect(output).toBe(shown);
      if (page === 'README.md') expect(readFileSync(path, 'utf8')).toContain(`npx driftgate ${line}`);

      function blockOf(command: string, text: string): string {
        return `<!-- transcript: ${command}; exit ${code} -->\n\`\`\`\n${text}\`\`\``;
      }
    },
    60_000,
  );
});

interface Transcript {
  readonly line: string;
  readonly code: string;
  readonly output: string;
}

function wordsOf(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
}

/** The only thing that differs between two runs. */
function timeless(text: string): string {
  return text.replace(/\d+(\.\d+)? m?s$/m, '0.5 s');
}
