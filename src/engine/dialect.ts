import { nextDown } from '../math/floats.ts';
import type { Family } from './source.ts';

/** A column of the relation, as a hash needs to know it. */
export interface HashedColumn {
  readonly name: string;
  readonly family: Family;
}

/** The SQL that differs between engines. Guards stand inside the arguments: a FILTER in a wide select costs twice as much. */
export interface SqlDialect {
  readonly name: string;
  /** `"a""b"` */
  identifier(name: string): string;
  text(value: string): string;
  /** a double that survives the round trip to the last bit */
  number(value: number): string;
  asDouble(expression: string): string;
  asText(expression: string, family: Family): string;
  /** text such as 2026-03-01T12:00:00Z as seconds since 1970 UTC; NULL where it is no time */
  textTime(expression: string): string;
  /** characters, not bytes */
  characters(expression: string): string;
  bytes(expression: string): string;
  /** hexadecimal text that tells texts apart */
  digest(text: string): string;
  /** aggregate: the largest value, infinite or NaN when there is a NaN */
  largest(expression: string): string;
  /** of values that are not NULL; NaN is larger than any other, and none is finite when all are NaN */
  extreme(which: 'least' | 'greatest', terms: readonly string[]): string;
  /** NULL when the value is NULL, NaN or infinite */
  finite(expression: string): string;
  isNan(expression: string): string;
  approximateDistinct(expression: string): string;
  /** 1-based place of a value in a list of literals; 0 or NULL when it is not there */
  place(expression: string, literals: readonly string[]): string;
  /** a sum that does not depend on the order of rows beyond its last digits */
  stableSum(expression: string): string;
  /** condition that holds for about one row in `oneIn`, a function of the columns' values alone */
  rowSample(columns: readonly HashedColumn[], oneIn: number): string;
  /** the same for rows that agree in these columns, and only by an accident of one in 2⁶⁴ for others */
  rowHash(columns: readonly HashedColumn[]): string;
  /** counts by interval, given ascending distinct edges: interval i holds the values with exactly i edges ≤ x; NULL left out */
  intervals: {
    aggregate(expression: string, edges: Float64Array): string;
    /** a value's interval; absent where comparisons by halves are the quickest. x is not NaN */
    index?(expression: string, edges: Float64Array): string;
    /** @returns dense counts, length edges + 1 */
    decode(raw: unknown, edges: Float64Array): Float64Array;
  };
}

export const duckDbDialect: SqlDialect = {
  name: 'duckdb',
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  // without an exponent a literal is a DECIMAL
  number: (value) => {
    if (!Number.isFinite(value)) return `'${value}'::DOUBLE`;
    const digits = String(value);
    return digits.includes('e') ? digits : `${digits}e0`;
  },
  asDouble: (expression) => `CAST(${expression} AS DOUBLE)`,
  asText: (expression) => `CAST(${expression} AS VARCHAR)`,
  textTime: (expression) => `epoch(TRY_CAST(${expression} AS TIMESTAMP))`,
  characters: (expression) => `CAST(length(${expression}) AS DOUBLE)`,
  bytes: (expression) => `CAST(strlen(${expression}) AS DOUBLE)`,
  digest: (text) => `md5(${text})`,
  largest: (expression) => `max(${expression})`,
  extreme: (which, terms) => `${which}(${terms.join(', ')})`,
  finite: (expression) => `CASE WHEN isfinite(${expression}) THEN ${expression} END`,
  isNan: (expression) => `isnan(${expression})`,
  approximateDistinct: (expression) => `CAST(approx_count_distinct(${expression}) AS DOUBLE)`,
  place: (expression, literals) => `list_position([${literals.join(', ')}], ${expression})`,
  stableSum: (expression) => `fsum(${expression})`,
  rowSample: (columns, oneIn) => `${duckDbDialect.rowHash(columns)} % ${oneIn} = 0`,
  rowHash: (columns) => `hash(${columns.map(({ name }) => name).join(', ')})`,
  intervals: {
    // histogram's intervals are right-closed; x < e is x ≤ the double just below e
    aggregate: (expression, edges) => {
      const bounds = Array.from(edges, (edge) => duckDbDialect.number(nextDown(edge)));
      return `CAST(map_values(histogram(${expression}, [${bounds.join(', ')}])) AS DOUBLE[])`;
    },
    // in the order of the edges; what lies beyond the last is there when there is any
    decode: (raw, edges) => {
      const counts = new Float64Array(edges.length + 1);
      if (raw !== null) counts.set((raw as { items: readonly number[] }).items);
      return counts;
    },
  },
};
