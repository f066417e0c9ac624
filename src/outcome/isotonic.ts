/** Neighbouring cells that share one value. */
export interface Block {
  /** cells `from` up to, not including, `to` */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly positives: number;
}

/**
 * Isotonic regression of the share of positives on the order of the cells, by pooling adjacent violators: blocks with rising
 * shares, the most likely ones among all that never fall. Cells without a row join the block before them (the first ones the
 * block behind).
 *
 * Sources    Ayer et al. (1955), doi:10.1214/aoms/1177728423; agrees with sklearn.isotonic.IsotonicRegression
 *            (fixtures/outcomes/scikit-learn.json).
 */
export function isotonicBlocks(rows: Float64Array, positives: Float64Array): Block[] {
  const blocks: Block[] = [];
  for (const [i, count] of rows.entries()) {
    let block: Block = { from: i, to: i + 1, rows: count, positives: positives[i]! };
    for (let last = blocks.at(-1); last && !rises(last, block); last = blocks.at(-1)) {
      blocks.pop();
      block = {
        from: last.from,
        to: block.to,
        rows: last.rows + block.rows,
        positives: last.positives + block.positives,
      };
    }
    blocks.push(block);
  }
  return blocks;
}

/** In whole numbers; a block without rows never stands alone. */
function rises(low: Block, high: Block): boolean {
  if (low.rows === 0 || high.rows === 0) return false;
  return low.positives * high.rows < high.positives * low.rows;
}
