import { expect, test } from 'vitest';
import { workbench } from '../engine/sources/workbench.ts';

// The engine noticed a damaged .zst, and the file was then decompressed a second time by a decoder that does not verify checksums:
// its rows, changed, were taken for the data.

const bench = workbench();
const archive = Buffer.from(
  [
    'KLUv/QRIdQYARpYyE7AlbSysIoT8MGVld3d3PKMY0AEsACwALABHVJOnrceVLL7BODzYcfkkmZyuPF5lFrc5h9+eyzHR5HnpcS21+M46PDDggZ',
    '9Dk1Olx2vU4rbq8Mt1OZ7Js8bjOmTxXXJ4oOXyQTM52Xm8CC1uQTr8NF0CLscyk+ecx3XP4pvo8ADT5WNqcqL1eFnc1OGH43I0MnlSeVwDs/iq',
    'OTzIcwkuHyKTU1AeLy2LG5rDz87lSGjyDNLjqmnxRXV4cOvyKZPTjMdrx+KW5PC7CgDT3K0q',
  ].join(''),
  'base64',
);

test('a .zst whose checksum does not hold is refused', async () => {
  const good = await bench.open(bench.write('good.csv.zst', archive));
  expect(good.rows).toBe(60);
  await good.close();
  const damaged = Buffer.from(archive);
  damaged[damaged.length - 1]! ^= 0xff;
  await bench.refuses(
    'FILE_UNREADABLE',
    /damaged\.csv\.zst" is a damaged zstd archive/,
    bench.open(bench.write('damaged.csv.zst', damaged)),
  );
});
