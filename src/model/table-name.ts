/** A name in quotation marks, doubled inside, or a plain one; not what paths are made of. */
const part = /(?:"((?:[^"]|"")+)"|([^\s".,;:/\\*?(){}[\]'`<>|&]+))/y;

/** `table`, `schema.table` or `catalog.schema.table` as its parts; null for what is none of these. */
export function parseTableName(text: string): readonly string[] | null {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (!match) return null;
    parts.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    at = part.lastIndex;
    if (at === text.length) return parts.length <= 3 ? parts : null;
    if (text[at] !== '.') return null;
    at += 1;
  }
}
