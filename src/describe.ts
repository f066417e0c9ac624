import type { ColumnDescription } from './config/initial.ts';
import { Engines } from './engine/engines.ts';
import { DriftError } from './model/errors.ts';
import type { SourceOptions } from './model/run.ts';
import { decideColumns } from './profile/reference.ts';

/** The columns of a data set with the role and the kind each would be given as a reference. */
export async function describeColumns(
  source: SourceOptions,
  signal?: AbortSignal,
): Promise<readonly ColumnDescription[]> {
  const engine = new Engines({});
  const stop = () => engine.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    const data = await engine.open('reference', source, 'ends');
    const columns = await decideColumns(data, {});
    await data.close();
    return columns.map(({ source: { name }, role, roleReason, kind, kindReason }) => ({
      name,
      role,
      roleReason,
      kind,
      kindReason,
    }));
  } catch (error) {
    if (signal?.aborted) throw new DriftError('INTERRUPTED', 'interrupted', { cause: error });
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await engine.close();
  }
}
