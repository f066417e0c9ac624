/**
 * Numbers for people, the same in every rendering: English digits, independent of the machine's language. The exact value stands
 * beside them wherever there is room.
 */

/** Rounded to significant digits, whole digits always kept: 0.04128, 12.35, 1,234,568, 1.5e-7. */
export function formatNumber(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return String(value);
  if (size >= 1e15 || size < 1e-4) return shortExponent(value.toExponential(digits - 1));
  if (size >= 10 ** (digits - 1)) return groupThousands(value.toFixed(0));
  return groupThousands(dropTrailingZeros(value.toPrecision(digits)));
}

/** A distance such as φ², of which the third decimal is the last that matters: 0.041, 1.51, <0.001. */
export function formatDistance(value: number): string {
  if (value === 0) return '0';
  if (value > 0 && value < 0.0005) return '<0.001';
  return value < 1 ? dropTrailingZeros(value.toFixed(3)) : formatNumber(value, 3);
}

/** A whole number with thousands separators: 1,234,567. */
export function formatCount(value: number): string {
  return groupThousands(value.toFixed(0));
}

/** `1 row`, `2 rows`; the plural is given when it is not the singular with an s. */
export function formatQuantity(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** A fraction as a percentage that never reads as none or all when it is not: 12.3 %, 0.04 %, <0.01 %, >99.99 %. */
export function formatShare(fraction: number): string {
  const percent = fraction * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (Math.abs(percent) < 0.01) return percent < 0 ? '>-0.01 %' : '<0.01 %';
  if (percent > 99.99 && percent < 100) return '>99.99 %';
  const decimals = Math.abs(percent) < 1 || Math.abs(percent - 100) < 1 ? 2 : 1;
  return `${dropTrailingZeros(percent.toFixed(decimals))} %`;
}

/** Difference of two shares in percentage points, with its sign: +7.1 points. */
export function formatPoints(difference: number): string {
  const points = difference * 100;
  const text = dropTrailingZeros(points.toFixed(Math.abs(points) < 1 ? 2 : 1));
  const signed = points > 0 ? `+${text}` : text;
  return `${/[1-9]/.test(text) ? signed : '0'} points`;
}

/** Smallest p-value that is written out; below it only the bound is given. */
const smallestLog10P = -300;

/** A p-value with its relation, from its decimal logarithm: `= 0.034`, `= 3.2e-12`, `< 1e-300`. */
export function formatPValue(log10P: number): string {
  if (log10P < smallestLog10P) return `< 1e${smallestLog10P}`;
  if (log10P >= -3) return `= ${dropTrailingZeros((10 ** Math.min(0, log10P)).toPrecision(2))}`;
  let exponent = Math.floor(log10P);
  let mantissa = (10 ** (log10P - exponent)).toFixed(1);
  if (mantissa === '10.0') {
    mantissa = '1.0';
    exponent += 1;
  }
  return `= ${dropTrailingZeros(mantissa)}e${exponent}`;
}

/** Decimal units, as disks are sold: 512 B, 1.5 MB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const text = unit === 0 || size >= 99.5 ? size.toFixed(0) : dropTrailingZeros(size.toFixed(1));
  return `${text} ${units[unit]}`;
}

/** 850 ms, 12.3 s, 2 min 5 s, 1 h 3 min. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${dropTrailingZeros((milliseconds / 1000).toFixed(1))} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment in UTC from seconds since 1970: 2026-11-03, 2026-11-03 14:05, 2026-11-03 14:05:09. */
export function formatInstant(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (Math.abs(milliseconds) > 8.64e15) return formatNumber(seconds);
  const [day, time = ''] = new Date(milliseconds).toISOString().replace('Z', '').split('T') as [string, string];
  if (time === '00:00:00.000') return day;
  return `${day} ${time.replace(/\.000$/, '').replace(/^(\d\d:\d\d):00$/, '$1')}`;
}

function groupThousands(text: string): string {
  const [whole = '', ...fraction] = text.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}

function dropTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function shortExponent(text: string): string {
  const [mantissa = '', exponent = ''] = text.split('e');
  return `${dropTrailingZeros(mantissa)}e${exponent.replace('+', '')}`;
}
