import { Chalk, type ChalkInstance } from 'chalk';
import { clip, displayWidth, terminalText, wrap } from './display-width.ts';

const longest = 4000;
const margin = '  ';

/** Lines of text for a terminal, none wider than asked for. All text that is put in may be hostile. */
export class Page {
  readonly #lines: string[] = [];
  readonly #ink: ChalkInstance;
  readonly #width: number;

  constructor({ color, width }: { readonly color: boolean; readonly width: number }) {
    this.#ink = new Chalk({ level: color ? 1 : 0 });
    this.#width = Math.max(40, Math.floor(width));
  }

  /** The first line, in bold. */
  title(text: string): void {
    for (const line of wrap(terminalText(text, longest), this.#width)) this.#lines.push(this.#ink.bold(line));
  }

  heading(text: string): void {
    this.#lines.push('', this.#ink.bold(clip(terminalText(text), this.#width)));
  }

  say(text: string): void {
    this.#hang(text, margin, margin);
  }

  item(text: string): void {
    this.#hang(text, `${margin}- `, `${margin}  `);
  }

  #hang(text: string, first: string, rest: string): void {
    const lines = wrap(terminalText(text, longest), this.#width - first.length);
    for (const [i, line] of lines.entries()) this.#lines.push((i === 0 ? first : rest) + line);
  }

  /** A table without lines: the first column to the left and cut where the others need the room, the others to the right. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const cells = [head, ...rows].map((row) => row.map((cell) => terminalText(cell)));
    const widths = head.map((_, k) => Math.max(...cells.map((row) => displayWidth(row[k] ?? ''))));
    const gap = '  ';
    const others = widths.slice(1).reduce((sum, width) => sum + width + gap.length, 0);
    const room = Math.max(8, Math.min(widths[0]!, this.#width - margin.length - others));
    for (const [i, row] of cells.entries()) {
      const first = clip(row[0]!, room);
      const line = [
        first + ' '.repeat(room - displayWidth(first)),
        ...row.slice(1).map((cell, k) => ' '.repeat(widths[k + 1]! - displayWidth(cell)) + cell),
      ].join(gap);
      const fitted = clip(margin + line.trimEnd(), this.#width);
      this.#lines.push(i === 0 ? this.#ink.dim(fitted) : fitted);
    }
  }

  /** Lines to be copied as they are; one that is too long is cut, since it cannot be wrapped. */
  code(lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(clip(`${margin}${margin}${terminalText(line, longest)}`, this.#width));
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
