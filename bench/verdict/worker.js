import { parentPort, workerData } from 'node:worker_threads';
import { evaluatorOf, merged } from './evaluate.js';
import { loadProduct } from './product.js';
import { scenariosOf } from './scenarios.js';

/** Evaluates runs of repeats as they are asked for; the list of scenarios is made anew here, so that only numbers travel. */
const product = await loadProduct(workerData.dist);
const scenarios = scenariosOf(workerData.options);
const evaluate = evaluatorOf(product, workerData.options.seed);

parentPort.on('message', ({ scenario, from, to }) => {
  let result;
  const began = performance.now();
  for (let repeat = from; repeat < to; repeat++) result = merged(result, evaluate(scenarios[scenario], repeat));
  parentPort.postMessage({ scenario, from, result, milliseconds: performance.now() - began });
});
parentPort.postMessage('ready');
