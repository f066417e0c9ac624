import type { OpenLayer } from './layer.ts';
import { outcomes } from './outcomes.ts';
import { predictionLayer } from './predictions.ts';
import { openRanking } from './ranking.ts';
import { openSegments } from './segments.ts';
import { serviceLayer } from './service.ts';
import { openTime } from './time.ts';

/** Every layer, in the order of the report, with the name that it is kept under in a profile. */
export const layers: readonly { readonly name: string; readonly open: OpenLayer }[] = [
  { name: 'time', open: openTime },
  { name: 'outcomes', open: outcomes },
  { name: 'predictions', open: predictionLayer },
  { name: 'segments', open: openSegments },
  { name: 'ranking', open: openRanking },
  { name: 'service', open: serviceLayer },
];
