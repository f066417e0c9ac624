import type { Dataset } from '../engine/engine.ts';
import type { SourceColumn } from '../engine/source.ts';
import type { Role } from '../model/profile.ts';
import type { ColumnSettings } from '../model/settings.ts';
import { decideRole } from '../profile/roles.ts';
import type { ReferenceColumn } from '../profile/side.ts';

export interface RoleColumn {
  readonly source: SourceColumn;
  /** why it is taken for that; null when the user said so */
  readonly reason: string | null;
}

/**
 * The columns of a data set that have a role: as the user said, as the reference's column of that name has it, and for columns that
 * the reference does not have, as their names say. A latency or a status is often in the log alone.
 */
export function columnsOfRole(
  data: Dataset,
  role: Role,
  reference: readonly Pick<ReferenceColumn, 'source' | 'role' | 'roleReason'>[],
  settings: Readonly<Record<string, ColumnSettings>>,
): readonly RoleColumn[] {
  const known = new Map(reference.map((column) => [column.source.name, column]));
  return data.columns.flatMap((source) => {
    const then = known.get(source.name);
    const decided =
      then === undefined
        ? decideRole(nameOnly(source), Object.hasOwn(settings, source.name) ? settings[source.name] : undefined)
        : { value: then.role, reason: then.roleReason };
    return decided.value === role ? [{ source, reason: decided.reason }] : [];
  });
}

/** What is known of a column without counting; too little to take it for an id. */
function nameOnly({ name, family, native }: SourceColumn) {
  return { name, family, native, present: 0, distinct: 0, times: family === 'string', min: 0, max: 1 };
}
