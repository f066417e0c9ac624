import type { OpenLayer } from './layer.ts';
import { outcomes } from './outcomes.ts';
import { predictionLayer } from './predictions.ts';
import { openRanking } from './ranking.ts';
import { openSegments } from './segments.ts';
import { serviceLayer } from './service.ts';
import { openTime } from './time.ts';

/** Every layer, in the order of the report. */
export const layers: readonly OpenLayer[] = [
  openTime,
  outcomes,
  predictionLayer,
  openSegments,
  openRanking,
  serviceLayer,
];
