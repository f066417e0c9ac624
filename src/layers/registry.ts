import type { OpenLayer } from './layer.ts';
import { outcomes } from './outcomes.ts';

/** Every layer, in the order of the report. */
export const layers: readonly OpenLayer[] = [outcomes];
