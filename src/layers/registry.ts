import type { OpenLayer } from './layer.ts';

/** Every layer, in the order of the report. */
export const layers: readonly OpenLayer[] = [];
