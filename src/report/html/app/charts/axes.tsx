import { scaleLinear, scaleLog, scaleSymlog, scaleUtc } from 'd3-scale';
import { formatInstant, formatNumber, formatShare } from '../../../numbers.ts';

/** What a drawing needs of a scale. */
export interface Axis {
  readonly at: (value: number) => number;
  readonly back: (pixel: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** Room for a label of a value on the horizontal axis. */
const labelWidth = 70;

/**
 * @param domain values of the column; moments in seconds since 1970
 * @param logarithmicFrom null for a linear axis, else as in a report's distribution
 */
export function valueAxis(
  kind: string,
  domain: readonly [number, number],
  pixels: readonly [number, number],
  logarithmicFrom: number | null,
): Axis {
  const count = Math.max(2, Math.floor((pixels[1] - pixels[0]) / labelWidth));
  if (kind === 'datetime') {
    const scale = scaleUtc(
      domain.map((seconds) => new Date(seconds * 1000)),
      pixels,
    );
    const ticks = scale.ticks(count).map((date) => date.getTime() / 1000);
    const days = ticks.every((seconds) => seconds % 86_400 === 0);
    return {
      at: (seconds) => scale(new Date(seconds * 1000)),
      back: (pixel) => scale.invert(pixel).getTime() / 1000,
      ticks: ticks.map((seconds) => ({
        at: scale(new Date(seconds * 1000)),
        text: days ? formatInstant(seconds) : formatInstant(seconds).replace(/^\d{4}-/, ''),
      })),
    };
  }
  if (logarithmicFrom) return symmetricAxis(domain, pixels, logarithmicFrom);
  const logarithmic = logarithmicFrom === 0;
  const scale = logarithmic ? scaleLog(domain, pixels) : scaleLinear(domain, pixels);
  return numberAxis(scale, count, logarithmic, (value) => formatNumber(value).replace(/^-/, '−'));
}

/** Linear around zero, logarithmic beyond: ticks at zero and at powers of ten, as far as their labels have room. */
function symmetricAxis(domain: readonly [number, number], pixels: readonly [number, number], from: number): Axis {
  const scale = scaleSymlog(domain, pixels).constant(from);
  const reach = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const tens: number[] = [];
  for (let power = Math.ceil(Math.log10(from)); 10 ** power <= reach; power++) tens.push(10 ** power);
  const ticks: { at: number; text: string }[] = [];
  // zero first and the largest next: they say most
  for (const value of [0, ...tens.reverse().flatMap((ten) => [ten, -ten])]) {
    if (value < domain[0] || value > domain[1]) continue;
    const at = scale(value);
    if (ticks.every((tick) => Math.abs(tick.at - at) >= labelWidth))
      ticks.push({ at, text: formatNumber(value).replace(/^-/, '−') });
  }
  return {
    at: (value) => scale(Math.min(Math.max(value, domain[0]), domain[1])),
    back: (pixel) => scale.invert(pixel),
    ticks,
  };
}

/** @param pixels bottom and top */
export function shareAxis(
  domain: readonly [number, number],
  pixels: readonly [number, number],
  logarithmic: boolean,
): Axis {
  const count = Math.max(2, Math.floor(Math.abs(pixels[0] - pixels[1]) / 44));
  const scale = logarithmic ? scaleLog(domain, pixels) : scaleLinear(domain, pixels).nice(count);
  return numberAxis(scale, count, logarithmic, formatShare);
}

/** @param pixels bottom and top */
export function numberAxisOf(
  domain: readonly [number, number],
  pixels: readonly [number, number],
  format: (value: number) => string,
): Axis {
  const count = Math.max(2, Math.floor(Math.abs(pixels[0] - pixels[1]) / 44));
  return numberAxis(scaleLinear(domain, pixels).nice(count), count, false, (value) => format(value).replace(/^-/, '−'));
}

function numberAxis(
  scale: {
    (value: number): number;
    invert(pixel: number): number;
    ticks(count: number): number[];
    domain(): number[];
  },
  count: number,
  logarithmic: boolean,
  text: (value: number) => string,
): Axis {
  let ticks = scale.ticks(count);
  // a logarithmic scale gives every step of a decade: powers of ten are enough, every other when there are many
  if (logarithmic && ticks.length > count) {
    const tens = ticks.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9));
    if (tens.length > 1) ticks = tens.filter((_, i) => i % Math.ceil(tens.length / count) === 0);
    else ticks = ticks.filter((_, i) => i % Math.ceil(ticks.length / count) === 0);
  }
  const [low = 0, high = 1] = scale.domain();
  return {
    at: (value) => scale(Math.min(Math.max(value, Math.min(low, high)), Math.max(low, high))),
    back: (pixel) => scale.invert(pixel),
    ticks: ticks.map((tick) => ({ at: scale(tick), text: text(tick) })),
  };
}

interface AxesProps {
  readonly x: Axis;
  readonly y: Axis;
  readonly box: Box;
}

/** The rectangle in which the data is drawn. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels of a character in a label. */
const characterWidth = 7;

/** Labels under the ticks, without those that would lie on the one before. */
function labels({ x, box }: Pick<AxesProps, 'x' | 'box'>): { at: number; text: string; anchor: string | null }[] {
  let free = Number.NEGATIVE_INFINITY;
  // some axes give their ticks in another order
  return [...x.ticks]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => {
      const width = text.length * characterWidth;
      const anchor: 'start' | 'middle' | 'end' = at < box.left + 24 ? 'start' : at > box.right - 24 ? 'end' : 'middle';
      const from = at - { start: 0, middle: width / 2, end: width }[anchor];
      if (from < free) return { at, text, anchor: null };
      free = from + width;
      return { at, text, anchor };
    });
}

export function Axes({ x, y, box }: AxesProps) {
  return (
    <g class="axes">
      {y.ticks.map(({ at, text }) => (
        <g key={text} transform={`translate(0 ${at.toFixed(1)})`}>
          <path class="grid-line" d={`M${box.left} 0H${box.right}`} />
          <text x={box.left - 6} dy="0.32em" text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <path class="base-line" d={`M${box.left} ${box.bottom}H${box.right}`} />
      {labels({ x, box }).map(({ at, text, anchor }) => (
        <g key={text} transform={`translate(${at.toFixed(1)} ${box.bottom})`}>
          <path class="tick" d="M0 0v5" />
          {anchor !== null && (
            <text y="17" text-anchor={anchor}>
              {text}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}
