import { escapeHtml } from '../escape.ts';

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
