import type { HashedColumn, SqlDialect } from '../dialect.ts';
import type { Family } from '../source.ts';

/**
 * Trino's SQL. Comparisons with NaN are false here, where the embedded engine takes NaN for the largest number; aggregates pass over
 * it, and width_bucket throws. Each is met where it matters.
 */
export const trinoDialect: SqlDialect = {
  name: 'trino',
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  text: textLiteral,
  // with an exponent a literal is a DOUBLE
  number: (value) => {
    if (Number.isNaN(value)) return 'nan()';
    if (!Number.isFinite(value)) return value > 0 ? 'infinity()' : '-infinity()';
    const digits = String(value);
    return digits.includes('e') ? digits : `${digits}e0`;
  },
  asDouble: (expression) => `CAST(${expression} AS DOUBLE)`,
  asText,
  textTime: (expression) => isoTime(expression),
  characters: (expression) => `CAST(length(${expression}) AS DOUBLE)`,
  bytes: (expression) => `CAST(length(to_utf8(${expression})) AS DOUBLE)`,
  digest: (text) => `lower(to_hex(md5(to_utf8(${text}))))`,
  largest: (expression) => `max(CASE WHEN is_nan(${expression}) THEN infinity() ELSE ${expression} END)`,
  // the functions of these names refuse NaN
  extreme: (which, terms) => {
    if (which === 'least') {
      return `least(${terms.map((term) => `CASE WHEN is_nan(${term}) THEN infinity() ELSE ${term} END`).join(', ')})`;
    }
    const nan = terms.map((term) => `is_nan(${term})`).join(' OR ');
    return `CASE WHEN ${nan} THEN nan() ELSE greatest(${terms.join(', ')}) END`;
  },
  finite: (expression) => `CASE WHEN is_finite(${expression}) THEN ${expression} END`,
  isNan: (expression) => `is_nan(${expression})`,
  approximateDistinct: (expression) => `CAST(approx_distinct(${expression}) AS DOUBLE)`,
  place: (expression, literals) => `array_position(${arrayOf(literals)}, ${expression})`,
  stableSum: (expression) => `sum(${expression})`,
  rowSample: (columns, oneIn) => `${rowHash(columns)} % ${oneIn} = 0`,
  rowHash,
  intervals: {
    aggregate: (expression, edges) => `histogram(${bucket(expression, edges)})`,
    // a tree of comparisons takes seconds to plan
    index: bucket,
    decode: (raw, edges) => {
      const counts = new Float64Array(edges.length + 1);
      for (const [interval, rows] of Object.entries(raw ?? {})) counts[Number(interval)] = Number(rows);
      return counts;
    },
  },
};

/** The number of edges ≤ x. The function takes finite ones only: no value is below −∞, and ∞ alone is not below ∞. */
function bucket(expression: string, edges: Float64Array): string {
  const finite = Array.from(edges.filter(Number.isFinite), (edge) => trinoDialect.number(edge));
  const counted = finite.length === 0 ? '0' : `width_bucket(${expression}, ${arrayOf(finite)})`;
  const below = edges[0] === Number.NEGATIVE_INFINITY ? ' + 1' : '';
  const last =
    edges.at(-1) === Number.POSITIVE_INFINITY ? ` + CASE WHEN ${expression} = infinity() THEN 1 ELSE 0 END` : '';
  return `${counted}${below}${last}`;
}

/** The server's constructor of arrays takes 254 elements. */
const arrayElements = 250;

/** A constant array of any length; the planner joins its parts once. */
function arrayOf(literals: readonly string[]): string {
  const parts: string[] = [];
  for (let from = 0; from < literals.length; from += arrayElements) {
    parts.push(`ARRAY[${literals.slice(from, from + arrayElements).join(', ')}]`);
  }
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || ')})`;
}

/** Characters that a statement should not hold as they are, a NUL among them, are spelled. */
function textLiteral(value: string): string {
  const quoted = value.replaceAll("'", "''");
  const control = /[\u0000-\u001f\u007f]/g;
  if (!control.test(value)) return `'${quoted}'`;
  const spelled = (character: string) => `\\${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `U&'${quoted.replaceAll('\\', '\\\\').replace(control, spelled)}'`;
}

/** As the embedded engine writes it, so that a category has one name on both: 1.0, 0.25 and 1e-05, not 1.0E0, 2.5E-1 and 1.0E-5. */
function asText(expression: string, family: Family): string {
  if (family !== 'number') return `CAST(${expression} AS VARCHAR)`;
  const size = `abs(${expression})`;
  const digits = `format('%s', ${expression})`;
  const moved = (pattern: string, result: string) => `regexp_replace(${digits}, '${pattern}', m -> ${result})`;
  return `CASE ${[
    `WHEN ${size} < 1e15 AND ${expression} = truncate(${expression}) THEN CAST(CAST(${expression} AS BIGINT) AS VARCHAR) || '.0'`,
    `WHEN ${size} >= 1e-3 AND ${size} < 1e7 THEN ${digits}`,
    `WHEN ${size} >= 1e7 AND ${size} < 1e15 THEN ${moved(
      '^(-?\\d)\\.(\\d+)E(\\d+)$',
      "m[1] || substr(m[2], 1, CAST(m[3] AS BIGINT)) || '.' || substr(m[2], CAST(m[3] AS BIGINT) + 1)",
    )}`,
    `WHEN ${size} >= 1e-4 AND ${size} < 1e-3 THEN ${moved(
      '^(-?)(\\d)\\.(\\d+)E-4$',
      "m[1] || '0.000' || m[2] || CASE m[3] WHEN '0' THEN '' ELSE m[3] END",
    )}`,
    `WHEN is_finite(${expression}) THEN ${moved(
      '^(-?\\d)\\.(\\d+)E(-?)(\\d+)$',
      "m[1] || CASE m[2] WHEN '0' THEN '' ELSE '.' || m[2] END || 'e' || CASE m[3] WHEN '-' THEN '-' ELSE '+' END || lpad(m[4], greatest(2, length(m[4])), '0')",
    )}`,
    `ELSE replace(lower(${digits}), 'infinity', 'inf')`,
  ].join(' ')} END`;
}

/** A function of the values: each with a mark that it is there, and texts with their length, so that no two rows spell the same. */
function rowHash(columns: readonly HashedColumn[]): string {
  const pieces = columns.map(({ name, family }) => `coalesce(${bytesOf(name, family)}, X'00')`);
  return `from_big_endian_64(xxhash64(${pieces.length === 1 ? pieces[0] : `concat(${pieces.join(', ')})`}))`;
}

function bytesOf(name: string, family: Family): string {
  switch (family) {
    case 'number':
    case 'datetime':
      // −0 is 0
      return `concat(X'01', to_ieee754_64(${name} + 0e0))`;
    case 'integer':
      return `concat(X'01', to_big_endian_64(${name}))`;
    case 'boolean':
      return `CASE WHEN ${name} THEN X'02' ELSE CASE WHEN NOT ${name} THEN X'01' END END`;
    case 'string':
      return textBytes(name);
    default:
      return textBytes(`json_format(CAST(${name} AS JSON))`);
  }
}

function textBytes(text: string): string {
  return `concat(X'01', to_big_endian_64(length(${text})), to_utf8(${text}))`;
}

/** Microseconds are whole in the embedded engine's seconds; here they pass through a sum of two parts, which rounds. */
export function epochSeconds(timestamp: string): string {
  return `(round(to_unixtime(${timestamp}) * 1e6) / 1e6)`;
}

const isoShape =
  '^\\d{4}([-/])\\d{1,2}\\1\\d{1,2}([T ]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)? ?(Z|UTC|[+-]\\d{2}(:?\\d{2})?)?)?$';

/** Text in ISO 8601, with a blank or slashes as well, as seconds since 1970 UTC; NULL where it is none. */
export function isoTime(text: string): string {
  const trimmed = `trim(${text})`;
  const dashes = `regexp_replace(replace(${trimmed}, '/', '-'), '(\\d)T(\\d)', '$1 $2')`;
  // Z and +02 as the cast reads them: UTC and +02:00
  const zoned = `regexp_replace(regexp_replace(${dashes}, ' ?Z$', ' UTC'), '(:[0-9.]+) ?([+-]\\d{2}):?(\\d{2})?$', x -> x[1] || ' ' || x[2] || ':' || coalesce(x[3], '00'))`;
  return `CASE WHEN regexp_like(${trimmed}, '${isoShape}') THEN ${epochSeconds(`TRY_CAST(${zoned} AS TIMESTAMP(6) WITH TIME ZONE)`)} END`;
}
