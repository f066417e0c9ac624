/**
 * Decodes an LZ4 frame (the form in which Arrow compresses buffers). Checksums are skipped: Arrow writes none for content.
 *
 * Sources  https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md, …/lz4_Block_format.md
 *
 * @throws {RangeError} when the frame is cut off or not LZ4
 */
export function decodeLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== 0x184d2204) throw new RangeError('not an LZ4 frame');
  const flags = view.getUint8(4);
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasContentSize = (flags & 0x08) !== 0;
  let at = 6 + (hasContentSize ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1;
  let out = new Uint8Array(hasContentSize ? Number(view.getBigUint64(6, true)) : frame.length * 4);
  let size = 0;
  const reserve = (more: number): void => {
    if (size + more <= out.length) return;
    const larger = new Uint8Array(Math.max(out.length * 2, size + more));
    larger.set(out.subarray(0, size));
    out = larger;
  };
  for (;;) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) return out.subarray(0, size);
    const length = header & 0x7fffffff;
    const block = frame.subarray(at, at + length);
    if (block.length < length) throw new RangeError('the LZ4 frame is cut off');
    if (header >>> 31 === 1) {
      reserve(length);
      out.set(block, size);
      size += length;
    } else decodeBlock(block);
    at += length + (hasBlockChecksum ? 4 : 0);
  }

  function decodeBlock(block: Uint8Array): void {
    let i = 0;
    const extended = (base: number): number => {
      let length = base;
      if (base < 15) return length;
      for (;;) {
        const byte = block[i++];
        if (byte === undefined) throw new RangeError('the LZ4 block is cut off');
        length += byte;
        if (byte < 255) return length;
      }
    };
    while (i < block.length) {
      const token = block[i++]!;
      const literals = extended(token >> 4);
      reserve(literals);
      out.set(block.subarray(i, i + literals), size);
      i += literals;
      size += literals;
      if (i >= block.length) return; // the last sequence has literals only
      const offset = block[i]! | (block[i + 1]! << 8);
      i += 2;
      if (offset === 0 || offset > size) throw new RangeError('the LZ4 block refers to before its beginning');
      const length = extended(token & 15) + 4;
      reserve(length);
      // source and target may overlap, which repeats the source
      if (offset >= length) out.copyWithin(size, size - offset, size - offset + length);
      else for (let k = 0; k < length; k++) out[size + k] = out[size - offset + k]!;
      size += length;
    }
  }
}
