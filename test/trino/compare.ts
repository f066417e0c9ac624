/** Sums come in another order on a cluster. */
const tolerance = 1e-9;

/** What is told of the engine, of the run, or of the order of rows, which a table does not have. */
const apart = new Set([
  ...['run', 'tool', 'config', 'paths', 'files', 'format', 'dialect', 'server', 'type'],
  'disorderedRows',
  'disorderedOf',
]);
const ofOrder = /^rows out of order of time are not counted: /;

/**
 * Where two reports of the same data differ: whole numbers at all, others by more than a billionth. Estimates may differ where they are
 * called estimates: approximate numbers of distinct values, and what follows from the edges that a sample proposed.
 */
export function differences(a: object, b: object): string[] {
  const found: string[] = [];
  compare(a, b, '', found);
  return found;
}

function compare(a: unknown, b: unknown, path: string, found: string[]): void {
  if (typeof a === 'number' && typeof b === 'number') {
    const close = Number.isInteger(a) && Number.isInteger(b) ? 0 : tolerance * Math.max(Math.abs(a), Math.abs(b));
    if (!(Math.abs(a - b) <= close)) found.push(`${path}: ${a} against ${b}`);
    return;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (plain(a) !== plain(b)) found.push(`${path}: ${JSON.stringify(a)} against ${JSON.stringify(b)}`);
    return;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = path.endsWith('.notes') ? [withoutOrder(a), withoutOrder(b)] : [a, b];
    compareEntries(left, right, path, found);
    return;
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  if (isEstimate(left) && isEstimate(right)) return;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!apart.has(key) && !(isMerged(left) && mergedKeys.has(key)))
      compare(left[key], right[key], `${path}.${key}`, found);
  }
}

function compareEntries(a: readonly unknown[], b: readonly unknown[], path: string, found: string[]): void {
  if (a.length !== b.length) found.push(`${path}: ${a.length} entries against ${b.length}`);
  else for (const [i, one] of a.entries()) compare(one, b[i], `${path}[${nameOf(one) ?? i}]`, found);
}

function withoutOrder(notes: readonly unknown[]): unknown[] {
  return notes.filter((note) => !ofOrder.test(String(note)));
}

/** Sentences that give a reason quote types and estimates, and where a profile lies and what of. */
function plain(value: unknown): unknown {
  return typeof value !== 'string'
    ? value
    : value
        .replace(/\b\d+ distinct values/, 'so many distinct values')
        .replace(/TIMESTAMP\(6\)/g, 'TIMESTAMP')
        .replace(/ is the profile "[^"]*"( of "[^"]*")?/, ' is a profile');
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, id } = value as { name?: string; id?: string };
  return name ?? id;
}

function isEstimate(value: Record<string, unknown>): boolean {
  return value.exact === false && typeof value.value === 'number';
}

const mergedKeys = new Set(['measures', 'distribution', 'quantiles']);

/** A column whose values are counted over the edges of a sample, or its profile. */
function isMerged(value: Record<string, unknown>): boolean {
  const profile = (value.reference ?? value) as {
    numbers?: { quantilesExact?: boolean };
    quantilesExact?: boolean;
  } | null;
  return profile?.numbers?.quantilesExact === false || profile?.quantilesExact === false;
}
