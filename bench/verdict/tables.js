import { columnsPerDataset } from './laws.js';
import { alphas } from './levels.js';
import { families, matchedNullId, matchedRate } from './scenarios.js';

/** The results as tables; every number comes from the run that is given. */

const sizeName = ({ n, m }) => `${number(n)} / ${number(m)}`;
const number = (x) => x.toLocaleString('en-US');

/** A share in per cent, two digits where they mean something. */
export function percent(share) {
  if (Number.isNaN(share)) return '–';
  const p = 100 * share;
  if (p === 0) return '0';
  if (p === 100) return '100';
  return p < 0.1 ? p.toFixed(3) : p < 10 ? p.toFixed(1) : p.toFixed(0);
}

/** Standard error of a share in points. */
function standardError(share, runs) {
  return 100 * Math.sqrt((share * (1 - share)) / runs);
}

function table(head, rows) {
  return { head, rows };
}

/** Per 100 clean datasets, and in brackets per 100 clean columns. */
function alarmRow(arms, { result }) {
  return arms.map(
    ({ id }) =>
      `${percent(result.datasetAlarms[id] / result.datasets)} (${percent(result.columnAlarms[id] / result.columns)})`,
  );
}

const armHead = (arms) => arms.map(({ name }) => name);

export function nullTables(results, arms) {
  const nulls = results.filter(({ section }) => section === 'null');
  const sizes = [...new Map(nulls.map(({ n, m }) => [`${n}/${m}`, { n, m }])).values()];
  const bySize = sizes.map(({ n, m }) => {
    const rows = nulls.filter((scenario) => scenario.n === n && scenario.m === m);
    return {
      title: `Reference ${number(n)}, batch ${number(m)} rows; ${number(rows[0].result.datasets)} datasets a line`,
      table: table(
        ['clean law', ...armHead(arms), 'our gate, exit 1', 'Evidently, half of the columns'],
        rows.map((scenario) => [
          scenario.law,
          ...alarmRow(arms, scenario),
          percent(scenario.result.exits[0] / scenario.result.datasets),
          percent(scenario.result.halfAlarms / scenario.result.datasets),
        ]),
      ),
    };
  });
  const summary = table(
    ['rows', 'clean datasets', ...armHead(arms)],
    sizes.map(({ n, m }) => {
      const rows = nulls.filter((scenario) => scenario.n === n && scenario.m === m);
      const total = (of) => rows.reduce((sum, scenario) => sum + of(scenario.result), 0);
      return [
        sizeName({ n, m }),
        number(total((result) => result.datasets)),
        ...arms.map(
          ({ id }) =>
            `${percent(total((r) => r.datasetAlarms[id]) / total((r) => r.datasets))} (${percent(total((r) => r.columnAlarms[id]) / total((r) => r.columns))})`,
        ),
      ];
    }),
  );
  return { bySize, summary };
}

/** Detection with defaults: our gate as found at warn or above / with exit code 1. */
export function shiftDefaults(results, arms) {
  const shifts = results.filter(({ kind }) => kind === 'shift');
  return sizesOf(shifts).map(({ n, m }) => {
    const here = shifts.filter((scenario) => scenario.n === n && scenario.m === m);
    return {
      title: `Reference ${number(n)}, batch ${number(m)} rows; ${number(here[0].result.datasets)} datasets a line`,
      table: table(
        ['one column of twenty', 'tolerated', ...armHead(arms)],
        families.flatMap((family) =>
          family.rows.map((row) => {
            const { result } = here.find((scenario) => scenario.family === family.id && scenario.row === row.id);
            return [
              row.id,
              row.beyond ? 'no' : 'yes',
              ...arms.map(({ id }) => {
                const share = percent(result.detected[id] / result.datasets);
                const exit = { gate: 0, 'gate-high': 1 }[id];
                return exit === undefined ? share : `${share} / ${percent(result.exits[exit] / result.datasets)}`;
              }),
            ];
          }),
        ),
      ),
    };
  });
}

function sizesOf(scenarios) {
  return [...new Map(scenarios.map(({ n, m }) => [`${n}/${m}`, { n, m }])).values()];
}

/** Share of columns at which any of the dataset's independent columns alarms at the matched rate. */
const columnRate = 1 - (1 - matchedRate) ** (1 / columnsPerDataset);

/** The smallest threshold that at most the wanted share of clean scores is beyond. */
export function thresholdAt(scores, rate) {
  const sorted = Float64Array.from(scores).sort();
  const allowed = Math.floor(rate * sorted.length);
  return sorted[sorted.length - 1 - allowed];
}

export function matched(results, arms) {
  const shifts = results.filter(({ kind }) => kind === 'shift');
  const scored = arms.filter(({ id }) => id !== 'gate-high');
  const sizes = sizesOf(shifts).map(({ n, m }) => {
    const rows = families.flatMap((family) => {
      const { result: clean } = results.find(({ id }) => id === matchedNullId(family.clean, { n, m }));
      return family.rows.map((row) => {
        const { result } = shifts.find(
          (scenario) =>
            scenario.family === family.id && scenario.row === row.id && scenario.n === n && scenario.m === m,
        );
        const detected = scored.map(({ id }) => {
          const threshold = thresholdAt(clean.scores[id], columnRate);
          return result.scores[id].filter((score) => score > threshold).length / result.scores[id].length;
        });
        return { family, row, detected, runs: result.datasets };
      });
    });
    return { n, m, rows };
  });
  const verdicts = families.map((family) => {
    // a family's detection is the mean over its rows and sizes
    const rows = sizes.flatMap(({ rows: all }) => all.filter((row) => row.family === family));
    const mean = (k) => rows.reduce((sum, row) => sum + row.detected[k], 0) / rows.length;
    const means = scored.map((_, k) => mean(k));
    const ours = means[0];
    // our classical p is ours as well, and no rival
    const rivals = means.map((value, k) => ({ value, name: scored[k].name })).slice(2);
    const best = rivals.reduce((a, b) => (b.value > a.value ? b : a));
    const k = scored.findIndex(({ name }) => name === best.name);
    const error =
      Math.sqrt(
        rows.reduce((sum, { detected, runs }) => {
          const variance = (share) => (share * (1 - share)) / runs;
          return sum + variance(detected[0]) + variance(detected[k]);
        }, 0),
      ) / rows.length;
    return { family, means, ours, best, error, atLeast: ours >= best.value, within: ours >= best.value - 2 * error };
  });
  return {
    sizes: sizes.map(({ n, m, rows }) => ({
      title: `Reference ${number(n)}, batch ${number(m)} rows; ${number(rows[0].runs)} datasets a line`,
      table: table(
        ['one column of twenty', ...armHead(scored)],
        rows.map(({ row, detected }) => [row.id, ...detected.map(percent)]),
      ),
    })),
    verdicts,
    summary: table(
      ['family', 'our gate', 'best rule', 'its detection', 'difference ± se, points', 'ours at least as good'],
      verdicts.map(({ family, ours, best, error, atLeast, within }) => [
        family.name,
        percent(ours),
        best.name,
        percent(best.value),
        `${(100 * (ours - best.value)).toFixed(1)} ± ${(100 * error).toFixed(1)}`,
        atLeast ? 'yes' : within ? 'within 2 se' : 'no',
      ]),
    ),
  };
}

/** Codes of the findings on clean data, most frequent first. */
function told({ result: { codes } }) {
  const most = Object.entries(codes).sort(([, a], [, b]) => b - a);
  return most.map(([code, times]) => `${code} ${times}`).join(', ');
}

export function timeTables(results, arms) {
  const clean = results.filter(({ kind }) => kind === 'time');
  const shifted = results.filter(({ kind }) => kind === 'time shift');
  const name = ({ law, windows, rows }) => `${law}; ${windows} windows of ${number(rows)}`;
  return {
    clean: table(
      ['clean batch', 'datasets', ...armHead(arms), 'our gate, exit 1', 'findings of our gate'],
      clean.map((scenario) => [
        name(scenario),
        number(scenario.result.datasets),
        ...alarmRow(arms, scenario),
        percent(scenario.result.exits[0] / scenario.result.datasets),
        told(scenario),
      ]),
    ),
    shifted: table(
      ['one column of twenty', 'datasets', ...armHead(arms)],
      shifted.map((scenario) => [
        name(scenario),
        number(scenario.result.datasets),
        ...arms.map(({ id }) => {
          const share = percent(scenario.result.detected[id] / scenario.result.datasets);
          const exit = { gate: 0, 'gate-high': 1 }[id];
          return exit === undefined
            ? share
            : `${share} / ${percent(scenario.result.exits[exit] / scenario.result.datasets)}`;
        }),
      ]),
    ),
  };
}

export function levelTables(results, arms) {
  const every = results.filter(({ kind }) => kind === 'level');
  const key = (scenario) => `${scenario.case}/${scenario.tolerance}/${scenario.n}/${scenario.m}`;
  const never = new Set(every.filter(({ factor, result }) => factor === 1 && result.binds === 'neither').map(key));
  const levels = every.filter((scenario) => !never.has(key(scenario)));
  const share = ({ result }, what, k) =>
    `${percent(result[what][k] / result.draws)} ± ${standardError(result[what][k] / result.draws, result.draws).toFixed(2)}`;
  const at = table(
    [
      'at the tolerance',
      'tolerance',
      'rows',
      'first to reach it',
      ...alphas.map((alpha) => `drift at α = ${percent(alpha)} %`),
      ...alphas.slice(0, 2).map((alpha) => `stable at α = ${percent(alpha)} %`),
    ],
    levels
      .filter(({ factor }) => factor === 1)
      .map((scenario) => [
        scenario.case,
        scenario.tolerance,
        sizeName(scenario),
        scenario.result.binds,
        ...alphas.map((_, k) => share(scenario, 'drift', k)),
        ...alphas.slice(0, 2).map((_, k) => share(scenario, 'stable', k)),
      ]),
  );
  const around = levels.filter(({ factor }) => factor !== 1);
  const factors = [...new Set(around.map(({ factor }) => factor))];
  const aroundTable = table(
    ['shift', 'rows', ...factors.map((factor) => `× ${factor}: drift / stable at 1 %`)],
    [...new Map(around.map((scenario) => [`${scenario.case}/${scenario.n}/${scenario.m}`, scenario])).values()].map(
      (first) => [
        first.case,
        sizeName(first),
        ...factors.map((factor) => {
          const { result } = around.find(
            (scenario) =>
              scenario.case === first.case &&
              scenario.n === first.n &&
              scenario.m === first.m &&
              scenario.factor === factor,
          );
          return `${percent(result.drift[1] / result.draws)} / ${percent(result.stable[1] / result.draws)}`;
        }),
      ],
    ),
  );
  const worst = worstLevels(levels, ['drift', 'stable']);
  const candidate = worstLevels(levels, ['driftCandidate', 'stableCandidate']);
  const odd = results.filter(({ id }) => id.startsWith('odd/'));
  const oddTable = table(
    ['clean law', 'rows', 'datasets', ...armHead(arms), 'our gate, exit 1', 'findings of our gate'],
    odd.map((scenario) => [
      scenario.law,
      sizeName(scenario),
      number(scenario.result.datasets),
      ...alarmRow(arms, scenario),
      percent(scenario.result.exits[0] / scenario.result.datasets),
      told(scenario),
    ]),
  );
  const central = table(
    ['clean law', 'rows', 'columns', ...alphas.map((alpha) => `drift at tolerance 0, α = ${percent(alpha)} %`)],
    results
      .filter(({ kind, section }) => kind === 'clean' && section !== 'shift')
      .filter(({ result }) => result.columns >= 1000)
      .map(({ law, n, m, result }) => [
        law,
        sizeName({ n, m }),
        number(result.columns),
        ...alphas.map((_, k) => percent(result.atLevel[k] / result.columns)),
      ]),
  );
  return { at, around: aroundTable, worst, candidate, odd: oddTable, central };
}

/** The largest observed level of each tolerance and α over all cases and sizes. */
function worstLevels(levels, calls) {
  const here = levels.filter(({ factor }) => factor === 1);
  const rows = [];
  for (const tolerance of new Set(here.map((scenario) => scenario.tolerance))) {
    for (const what of calls) {
      for (const [k, alpha] of alphas.entries()) {
        const own = here.filter((scenario) => scenario.tolerance === tolerance);
        const share = ({ result }) => result[what][k] / result.draws;
        const worst = own.reduce((a, b) => (share(b) > share(a) ? b : a));
        const pooled =
          own.reduce((sum, { result }) => sum + result[what][k], 0) /
          own.reduce((sum, { result }) => sum + result.draws, 0);
        rows.push([
          tolerance,
          what.replace('Candidate', ''),
          `${percent(alpha)} %`,
          percent(pooled),
          `${percent(share(worst))} ± ${standardError(share(worst), worst.result.draws).toFixed(2)}`,
          `${worst.case}, ${sizeName(worst)}`,
        ]);
      }
    }
  }
  return table(['tolerance', 'called', 'α', 'mean level, %', 'largest level, % ± se', 'where'], rows);
}

/** Markdown, or columns of equal width. */
export function print({ head, rows }, markdown) {
  if (markdown) {
    const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
    return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
  }
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells) =>
    cells
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
