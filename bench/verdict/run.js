import { Worker } from 'node:worker_threads';
import { merged } from './evaluate.js';
import { scenariosOf } from './scenarios.js';

/** Rows of all columns that one piece of work draws at most, so that the workers end together. */
const rowsPerJob = 20_000_000;

/**
 * Runs every scenario over the workers. What a repeat draws depends on its scenario and number only, and pieces are joined in their
 * order: the result is the same for any number of workers.
 *
 * @param onProgress told the share of the pieces that are done
 */
export async function run({ dist, options, workers, onProgress = () => {} }) {
  const scenarios = scenariosOf(options);
  const jobs = scenarios.flatMap((scenario, index) => {
    const rows =
      (scenario.n + scenario.m) * (scenario.kind === 'shift' ? 3 : scenario.kind === 'level' ? 500 : 20) + 20_000;
    const size = Math.max(1, Math.min(Math.ceil(scenario.repeats / 4), Math.floor(rowsPerJob / rows)));
    const pieces = Math.ceil(scenario.repeats / size);
    return Array.from({ length: pieces }, (_, piece) => ({
      scenario: index,
      from: piece * size,
      to: Math.min(scenario.repeats, (piece + 1) * size),
      weight: rows * size,
    }));
  });
  // the heaviest first; the order of work does not touch the numbers
  jobs.sort((a, b) => b.weight - a.weight || a.scenario - b.scenario || a.from - b.from);

  const parts = scenarios.map(() => []);
  const milliseconds = scenarios.map(() => 0);
  let next = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: Math.min(workers, jobs.length) }, () => {
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { dist, options } });
      return new Promise((resolve, reject) => {
        worker.on('error', reject);
        worker.on('message', (message) => {
          if (message !== 'ready') {
            parts[message.scenario].push(message);
            milliseconds[message.scenario] += message.milliseconds;
            done += 1;
            onProgress(done / jobs.length);
          }
          if (next < jobs.length) worker.postMessage(jobs[next++]);
          else worker.terminate().then(resolve, reject);
        });
      });
    }),
  );
  return scenarios.map((scenario, index) => ({
    ...scenario,
    result: parts[index].sort((a, b) => a.from - b.from).reduce((sum, { result }) => merged(sum, result), undefined),
    milliseconds: milliseconds[index],
  }));
}
