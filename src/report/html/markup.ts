import { escapeHtml } from '../escape.ts';
import { formatCount, formatInstant, formatNumber } from '../numbers.ts';

/** Finished HTML. Whatever is not of this class is text, and escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | null | readonly Content[];

/** The template's own text without its line breaks and indentation, which are for us. */
const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/**
 * HTML with text put in safely: strings are escaped, lists joined, null left out. Attributes with text must be quoted.
 */
export function html(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let fixed = compacted.get(template);
  if (fixed === undefined) {
    fixed = template.map((part) => part.replace(/\n\s*/g, ''));
    compacted.set(template, fixed);
  }
  let text = fixed[0]!;
  contents.forEach((content, i) => {
    text += render(content) + fixed[i + 1]!;
  });
  return new Markup(text);
}

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  return content.map(render).join('');
}

/** Longest name or value in the page; the whole one stands in the JSON. */
export const textLimit = 120;

/** Text from the data, cut to a readable length. */
export function text(value: string, limit = textLimit): Markup {
  return new Markup(escapeHtml(value.trim() === '' ? `"${value}"` : value, limit));
}

/** How numbers of one column are written. */
export type NumberFormat = (value: number) => string;

export function numberFormat(kind: string): NumberFormat {
  return kind === 'datetime' ? formatInstant : (value) => formatNumber(value);
}

/** A table cell for people, with the exact number as its title where it was rounded. */
export function numberCell(value: number | null | undefined, format: NumberFormat = formatNumber): Markup {
  if (value === null || value === undefined) return html`<td>–`;
  const shown = format(value);
  const exact = String(value);
  // safe without quotes: digits, signs, points and an e
  return shown.replaceAll(',', '') === exact ? html`<td>${shown}` : html`<td title=${exact}>${shown}`;
}

/** A number in running text, likewise. */
export function numberText(value: number, format: NumberFormat = formatNumber): Markup {
  return html`<span title=${String(value)}>${format(value)}</span>`;
}

export function countCell(value: number): Markup {
  return html`<td>${formatCount(value)}`;
}

/** A share with the rows behind it as its title. */
export function shareCell(rows: number, shown: string): Markup {
  return html`<td title="${formatCount(rows)} rows">${shown}`;
}
