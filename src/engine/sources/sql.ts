/** SQL text from hostile names and values. */

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. NUL ends a statement's text in the driver, so it is spelled. */
export function literal(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`;
}

export function list(items: Iterable<string>): string {
  return `[${Array.from(items, literal).join(', ')}]`;
}

let made = 0;

/** A plain identifier that nothing else in the process uses. */
export function freshName(purpose: string): string {
  made += 1;
  return `${purpose}_${made}`;
}

/** Names that differ even when case is ignored, as SQL ignores it: the first keeps its name, later ones get `_2`, `_3` … */
export function distinctNames(names: readonly string[], sameCase: (name: string) => string): string[] {
  const taken = new Set(names.map(sameCase));
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(sameCase(name))) {
      seen.add(sameCase(name));
      return name;
    }
    let suffix = 2;
    while (taken.has(sameCase(`${name}_${suffix}`))) suffix += 1;
    const unique = `${name}_${suffix}`;
    taken.add(sameCase(unique));
    return unique;
  });
}
