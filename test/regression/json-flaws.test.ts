import { test } from 'vitest';
import { workbench } from '../engine/sources/workbench.ts';

// Rows that the engine refuses and a JSON parser accepts were counted without a line or a reason; objects without keys ended in a
// syntax error of the engine.

const bench = workbench();

test.each([
  ['empty.jsonl', '{}\n'.repeat(3), /the objects in ".*empty\.jsonl" have no keys/],
  ['surrogate.jsonl', '{"a":"x"}\n{"a":"\\ud800"}\n', /1 of 2 rows .* first on line 2: half a character/],
  ['latin-1.jsonl', Buffer.from('{"a":"\xe9"}\n', 'latin1'), /1 of 1 rows .* first on line 1: not UTF-8/],
])('%s', async (name, content, message) => {
  await bench.refuses('FILE_UNREADABLE', message, bench.open(bench.write(name, content)));
});
