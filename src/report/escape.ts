import { printable } from '../model/text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Text from the data as HTML text or as a quoted attribute: markup becomes entities; control, direction and invisible characters
 * and lone surrogates are written as escapes, so that nothing can hide, reorder its surroundings or end the document early.
 *
 * @param limit longest text before it is cut with an ellipsis
 */
export function escapeHtml(text: string, limit = Number.POSITIVE_INFINITY): string {
  return printable(text, limit).replace(/[&<>"'`]/g, (character) => entities[character]!);
}
