import type { OpenLayer } from './layer.ts';
import { outcomes } from './outcomes.ts';
import { openTime } from './time.ts';

/** Every layer, in the order of the report. */
export const layers: readonly OpenLayer[] = [openTime, outcomes];
