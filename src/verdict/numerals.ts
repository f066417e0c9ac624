/** Numbers for people, the same on every machine: no locale is asked. */

/** A whole number with thousands separators: 12,345. */
export function count(value: number): string {
  return separated(Math.round(value).toString());
}

/** Three significant digits: 0.158, 12.3, 12,300, 1.23e+21, 4.57e-7. */
export function number(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const text = String(rounded === 0 ? 0 : rounded);
  return text.includes('e') ? text : separated(text);
}

/** A value of the data itself, told more exactly: six significant digits. */
export function datum(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const text = String(rounded === 0 ? 0 : rounded);
  return text.includes('e') ? text : separated(text);
}

/** A share as a percentage: 18 %, 0.0123 %. Not quite everything is never told as 100 %, as 99.97 % here. */
export function percent(share: number): string {
  const digits = share > 0.99 && share < 1 ? 2 + Math.ceil(-Math.log10(1 - share)) : 3;
  const rounded = Number((100 * share).toPrecision(Math.min(15, Math.max(3, digits))));
  const text = String(rounded);
  return `${text.includes('e') ? text : separated(text)} %`;
}

/** A difference of shares: 7 points. */
export function points(difference: number): string {
  const text = number(100 * difference);
  return text === '1' ? '1 point' : `${text} points`;
}

/** An interval: [0.131, 0.187]. */
export function range([low, high]: readonly [number, number], scale = 1): string {
  return `[${number(scale * low)}, ${number(scale * high)}]`;
}

/** 1 row, 2 rows, 1,000 rows. */
export function plural(many: number, noun: string): string {
  return `${count(many)} ${noun}${many === 1 ? '' : 's'}`;
}

function separated(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
