// Bundles the web apps of the report pages (src/report/html/app) into one module each, which holds script and style as text.
//
//   node scripts/build-page.js [folder of the compiled modules, build when not given]
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licencesOf } from './licences.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = join(root, 'src', 'report', 'html', 'app');

/** Every module that is bundled, with the app's entry that it is made from. */
export const pages = { 'page.js': 'main.tsx', 'compare-page.js': 'compare/main.tsx' };

/**
 * @param {keyof typeof pages} name
 * @returns {Promise<{ code: string, files: string[] }>} the module's source, and what it was made from
 */
export async function buildPage(name) {
  const bundle = await rolldown({
    input: join(app, pages[name]),
    cwd: root,
    platform: 'browser',
    logLevel: 'warn',
    transform: { target: 'es2022', jsx: { runtime: 'automatic', importSource: 'preact' } },
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
  const files = await bundle.watchFiles;
  await bundle.close();
  if (output.length !== 1) throw new Error(`the page must be one script, not ${output.length}`);
  const script = output[0].code.trim();
  // the script stands inside an element: these would end it, or comment out what follows
  const unsafe = /<\/script|<!--|https?:\/\/(?!www\.w3\.org\/)/i.exec(script);
  if (unsafe) throw new Error(`the bundled script holds ${JSON.stringify(unsafe[0])}`);
  const style = minifyStyle(
    readdirSync(app, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.css'))
      .sort()
      .map((name) => readFileSync(join(app, name), 'utf8'))
      .join('\n'),
  );
  const page = {
    script,
    style,
    scriptHash: hash(script),
    styleHash: hash(style),
    notice: licencesOf(output[0].moduleIds, 'This page contains:'),
  };
  return { code: `export const page = ${JSON.stringify(page)};\n`, files: [...files, ...styleFiles()] };
}

function styleFiles() {
  return readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.css'))
    .map((name) => join(app, name));
}

/** As a Content-Security-Policy names an inline element. */
function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function minifyStyle(css) {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(resolve(process.argv[2] ?? join(root, 'build')), 'report', 'html');
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(pages)) writeFileSync(join(folder, name), (await buildPage(name)).code);
}
