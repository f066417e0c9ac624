/** A string, or a number: whatever digits may stand in. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** A whole number of more digits than a double is sure to hold. */
const longInteger = /^-?\d{16,}$/;
const perhapsLong = /[[,:]\s*-?\d{16,}\s*[\],}]/;

/**
 * JSON in which whole numbers of 16 digits and more come as text, as JSON.parse would round those above 2⁵³ silently.
 *
 * @throws {SyntaxError}
 */
export function parseExactly(text: string): unknown {
  if (!perhapsLong.test(text)) return JSON.parse(text);
  return JSON.parse(text.replace(stringOrNumber, (token) => (longInteger.test(token) ? `"${token}"` : token)));
}
