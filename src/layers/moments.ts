/** Seconds since 1970-01-01 UTC in ISO 8601 where a calendar has the moment, else plain seconds. */
export function isoMoment(seconds: number): string {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString();
}
