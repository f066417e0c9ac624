import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The import law of docs/architecture.md, read off the import lines of the sources. */

const root = resolve(import.meta.dirname, '../src');

interface SourceFile {
  /** path below src, e.g. `drift/hellinger.ts` */
  readonly path: string;
  /** folder below src, or the file's own name at the top */
  readonly room: string;
  /** rooms and packages it imports: `model`, `npm:zod`, `node:fs` */
  readonly imports: readonly string[];
  readonly text: string;
}

const importLine =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

function roomOf(path: string): string {
  const [first] = path.split('/');
  return first!;
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = [...text.matchAll(importLine)].map((match) => {
    const target = (match[1] ?? match[2] ?? match[3])!;
    if (target.startsWith('node:')) return target;
    if (!target.startsWith('.')) return `npm:${target}`;
    return roomOf(relative(root, join(root, dirname(path), target)));
  });
  return { path, room: roomOf(path), imports, text };
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path))
  .map(read);

const statistics = 'npm:simple-statistics';
/** What a room may import besides itself, packages of Node and the rest of npm as said. */
const allowed: readonly {
  readonly rule: string;
  readonly rooms: readonly string[];
  readonly may: (target: string) => boolean;
  readonly why: string;
}[] = [
  {
    rule: 'cli-is-a-door',
    rooms: ['cli'],
    may: (target) =>
      ['cli', 'model', 'index.ts'].includes(target) ||
      target.startsWith('node:') ||
      ['npm:commander', 'npm:chalk', 'npm:cli-table3'].includes(target),
    why: 'a run can be tested without a process',
  },
  {
    rule: 'measures-are-blind',
    rooms: ['drift', 'quality', 'outcome'],
    may: (target) => ['drift', 'quality', 'outcome', 'model', 'math', statistics].includes(target),
    why: 'a statistic never sees SQL, rows or files',
  },
  {
    rule: 'math-is-alone',
    rooms: ['math'],
    may: (target) => ['math', statistics].includes(target),
    why: 'reusable and provable',
  },
  {
    rule: 'report-reads-only',
    rooms: ['report'],
    may: (target) => ['report', 'model'].includes(target) || target.startsWith('npm:'),
    why: 'any saved report can be rendered',
  },
  {
    rule: 'verdict-is-pure',
    rooms: ['verdict'],
    may: (target) => ['verdict', 'model', 'math', 'drift'].includes(target),
    why: 'the same evidence gives the same verdict',
  },
  {
    rule: 'model-is-the-ground',
    rooms: ['model'],
    may: (target) => target === 'model',
    why: 'the shapes that travel depend on nothing',
  },
];

describe('the import law', () => {
  it('reads every source file', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(files.length);
  });

  for (const { rule, rooms, may, why } of allowed) {
    it(`${rule}: ${why}`, () => {
      const broken = files
        .filter((file) => rooms.includes(file.room))
        .flatMap((file) =>
          file.imports.filter((target) => !may(target)).map((target) => `${file.path} imports ${target}`),
        );
      expect(broken).toEqual([]);
    });
  }

  it('one-engine-door: each driver is imported by one file of the engine', () => {
    for (const driver of ['npm:@duckdb/node-api', 'npm:apache-arrow']) {
      const importers = files.filter((file) => file.imports.includes(driver)).map((file) => file.path);
      expect(importers, driver).toHaveLength(1);
      expect(importers[0]).toMatch(/^engine\//);
    }
  });

  it('one-process-door: only the command line touches the process, the console and its streams', () => {
    const touching = files
      .filter((file) => file.room !== 'cli')
      .filter(
        (file) => /\bprocess\.|\bconsole\./.test(withoutComments(file.text)) || file.imports.includes('node:process'),
      )
      .map((file) => file.path);
    expect(touching).toEqual([]);
  });

  it('one-comparison: nothing but the verdict reads a tolerance, an alpha or the gate', () => {
    // the configuration forms these settings and the reports show them; only the verdict compares with them
    const readers = files
      .filter((file) => !['verdict', 'config', 'model', 'report', 'cli'].includes(file.room))
      .filter((file) => /\.(tolerances?|alpha|failOn|minRows|strict)\b/.test(withoutComments(file.text)))
      .map((file) => file.path);
    expect(readers).toEqual([]);
  });

  it('no-side-effect-imports: registries are explicit lists', () => {
    const bare = files.filter((file) => /(?:^|\n)\s*import\s+'[^']+'/.test(file.text)).map((file) => file.path);
    expect(bare).toEqual([]);
  });

  it('sql-stays-in-the-engine', () => {
    const speaking = files
      .filter((file) => file.room !== 'engine')
      .filter((file) => /\bSELECT\b.*\bFROM\b/.test(withoutComments(file.text)))
      .map((file) => file.path);
    expect(speaking).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}
