import { defaultMeasures } from '../index.ts';
import { type Api, exitCodes } from './api.ts';
import type { Io } from './io.ts';

/** The table of the measures, 80 columns wide. */
export async function measuresCommand(io: Io, api: Api): Promise<number> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['id', 'alias', 'kinds', 'what it is'],
    colWidths: [29, 11, 13, 22],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  const shown: readonly string[] = defaultMeasures;
  for (const { id, alias, kinds, summary } of await api.listMeasures()) {
    table.push([shown.includes(id) ? `${id}*` : id, alias, kinds.join(' '), summary]);
  }
  await io.stdout.write(`${table.toString()}\n* shown when nothing else is asked for with --measures\n`);
  return exitCodes.passed;
}
