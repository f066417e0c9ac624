import { printable } from '../model/text.ts';

/**
 * Characters whose width terminals disagree on, because they join or alter the one before: variation selectors, skin tones,
 * enclosing marks and tags. Names are shown without their effect, as escapes, so that a line is as long as we think it is.
 */
const altering =
  /[\ufe00-\ufe0f\u180b-\u180f\u115f-\u11ff\u3164\uffa0]|[\u{1f3fb}-\u{1f3ff}\u{e0000}-\u{e01ef}]|\p{Me}/gu;

/** Full-width forms, East Asian scripts and emoji: two terminal columns. A superset of Unicode's East Asian Width W and F. */
const wide =
  /[\u1100-\u115e\u231a\u231b\u2329\u232a\u23e9-\u23f3\u25fd\u25fe\u2614\u2615\u2630-\u2637\u2648-\u2653\u267f\u268a-\u268f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Text from the data for one line of a terminal: no character moves the cursor, hides or reorders its neighbours. */
export function terminalText(text: string, limit = 400): string {
  return printable(text.normalize('NFC'), limit).replace(altering, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}

/** Columns that printable text takes in a terminal: two for wide characters, none for combining marks. */
export function displayWidth(text: string): number {
  // the common case, by far: nothing but ASCII
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (wide.test(character)) return 2;
  return /\p{Mn}/u.test(character) ? 0 : 1;
}

/** Text cut with an ellipsis to at most so many columns. */
export function clip(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let result = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    result += character;
  }
  return `${result}…`;
}

/** Text broken at spaces into lines of at most so many columns; longer words are broken where the line ends. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => pieces(word, columns))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= columns) {
      line = joined;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, columns: number): string[] {
  if (displayWidth(word) <= columns) return [word];
  const result: string[] = [];
  let piece = '';
  let width = 0;
  for (const character of word) {
    const added = characterWidth(character);
    if (width + added > columns) {
      result.push(piece);
      piece = '';
      width = 0;
    }
    piece += character;
    width += added;
  }
  return [...result, piece];
}
