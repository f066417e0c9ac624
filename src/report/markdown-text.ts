import { printable } from '../model/text.ts';
import { shownName } from './words.ts';

/** What is safe in GitHub-flavoured Markdown, whatever the data holds. */

/** A table of as many rows as fit; `>` before a head sets the column to the right. */
export function table(
  heads: readonly string[],
  rows: readonly string[],
  room: number,
  more: (left: number) => string,
): string {
  const lines = [
    cells(heads.map((head) => head.replace(/^>/, ''))),
    cells(heads.map((head) => (head.startsWith('>') ? '--:' : '---'))),
  ];
  let left = room - lines.reduce((sum, line) => sum + bytes(line) + 1, 0) - bytes(more(rows.length)) - 2;
  let shown = 0;
  for (const row of rows) {
    left -= bytes(row) + 1;
    if (left < 0) break;
    lines.push(row);
    shown += 1;
  }
  return lines.join('\n') + (shown < rows.length ? `\n\n${more(rows.length - shown)}` : '');
}

export function cells(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

/** Everything that Markdown, its extensions or HTML give a meaning, at whatever place; `_` inside a word has none. */
const meaningful = /[^\p{L}\p{N}\p{M} .,;:?()/%φ²→…–−×±≤≥≠“”‘’'"+=_-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Text from the data as Markdown text: what has a meaning becomes a character reference, which never has one. An invisible space
 * behind `@` and `#` keeps a comment from calling people and issues, and inside of addresses from becoming links.
 */
export function text(raw: string, limit: number): string {
  return (
    printable(raw, limit)
      .trim()
      .replace(meaningful, (c) => (c === '@' || c === '#' ? `${reference(c)}&#8203;` : reference(c)))
      .replace(/:(?=\/\/)/g, ':&#8203;')
      .replace(/\b(www)\./gi, '$1&#8203;.')
      // at the start of a line also lists, quotes, headings and rules have a meaning
      .replace(/^[+=_-]/, reference)
      .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => digits + reference(mark))
  );
}

/**
 * A name or a value of the data, set as code: as a code span, in which nothing has a meaning, unless it holds what ends a span or a
 * cell of a table; then as an element full of character references.
 */
export function code(raw: string, limit = 80): string {
  const shown = shownName(raw, limit);
  if (!/[`|]|^ | $|\\$/.test(shown)) return `\`${shown}\``;
  const escaped = shown.replace(/[^\p{L}\p{N}\p{M} ]/gu, (c) => (c === '@' ? `${reference(c)}&#8203;` : reference(c)));
  return `<code>${escaped}</code>`;
}

function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

export function bytes(part: string): number {
  return Buffer.byteLength(part);
}
