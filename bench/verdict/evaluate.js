import { columnsPerDataset, drawColumn, tableOf } from './laws.js';
import { alphas, evaluateLevel } from './levels.js';
import { Random } from './random.js';
import { columnForRules, rulesOf } from './rules.js';
import { drawTimeColumn } from './time.js';

/** Everything that judges, in the order of the tables' columns. The first three are ours. */
export function armsOf(product) {
  return [
    { id: 'gate', name: 'our gate' },
    { id: 'gate-high', name: 'our gate, `--sensitivity high`' },
    { id: 'classical', name: 'our classical p (KS or χ², Holm 1 %)' },
    ...rulesOf(product).map(({ id, name }) => ({ id, name })),
  ];
}

/** @returns evaluate(scenario, repeat): counts that add up over repeats */
export function evaluatorOf(product, seed) {
  const rules = rulesOf(product);
  // the other columns of a shifted dataset only fill the family: drawn once a scenario
  const companions = new Map();

  function randomOf(scenario, repeat) {
    return new Random(`${seed}/${scenario.id}/${repeat}`);
  }

  /** What is kept of a column once it is counted: its tables may be large, its evidence is small. */
  function seen(column, random, watched) {
    const comparison = product.comparison(column);
    const read = watched ? columnForRules(column, comparison.table, random) : null;
    return {
      name: column.name,
      windows: column.windows,
      evidence: comparison.evidence,
      logP: product.classical(column, comparison),
      scores: watched ? Object.fromEntries(rules.map((rule) => [rule.id, rule.score(read)])) : null,
      thresholds: watched
        ? Object.fromEntries(rules.map((rule) => [rule.id, rule.threshold(read, columnsPerDataset)]))
        : null,
    };
  }

  /** One dataset through every arm; `watched` columns from the first are reported, all of them fill the family. */
  function dataset(columns, sizes, watched) {
    const evidence = columns.map((column) => column.evidence);
    const plan = product.planOf(columns[0].windows);
    const ours = [product.settings.standard, product.settings.high].map((settings) => {
      const verdict = product.judge(evidence, sizes, settings, plan);
      const told = new Map();
      for (const { column, code } of verdict.findings) {
        if (column !== null) told.set(column, [...(told.get(column) ?? []), code]);
      }
      return {
        exit: verdict.gate.exitCode === 1,
        any: verdict.findings.length > 0,
        codes: verdict.findings.map(({ code }) => code),
        columns: columns.slice(0, watched).map(({ name }) => told.get(name) ?? []),
      };
    });
    const rejected = holmRejections(
      columns.map(({ logP }) => logP),
      0.01,
    );
    const scores = { gate: [], classical: [] };
    const alarms = {
      gate: ours[0].columns.map((codes) => codes.length > 0),
      'gate-high': ours[1].columns.map((codes) => codes.length > 0),
      classical: rejected.slice(0, watched),
    };
    const isDrift = (codes) => codes.some((code) => code !== 'NEW_VALUES_NOTED');
    const drifted = { gate: ours[0].columns.map(isDrift), 'gate-high': ours[1].columns.map(isDrift) };
    const logDrift = [];
    for (let i = 0; i < watched; i++) {
      const { tests } = product.judge([evidence[i]], sizes, product.settings.none, plan).columns[0];
      const least = Math.min(0, ...tests.map((test) => (test.rule === 'drift' ? test.logPWarn : test.logPFail)));
      scores.gate.push(-least);
      scores.classical.push(-columns[i].logP);
      logDrift.push(tests.find(({ rule }) => rule === 'drift')?.logPWarn ?? 0);
    }
    const first = columns.slice(0, watched);
    for (const { id } of rules) {
      scores[id] = first.map((column) => column.scores[id]);
      // ≥, as most of them have it; on continuous scores it makes no difference
      alarms[id] = first.map((column) => column.scores[id] >= column.thresholds[id]);
    }
    const [standard, high] = ours;
    return {
      ...{ alarms, drifted, scores, logDrift, codes: standard.codes },
      exit: [standard.exit, high.exit],
      any: [standard.any, high.any],
    };
  }

  function clean(scenario, repeat) {
    const random = randomOf(scenario, repeat);
    const columns = drawnClean(random, scenario).map((draw) => seen(draw(), random, true));
    const sizes = { reference: scenario.n, current: scenario.m };
    const { alarms, scores, exit, any, codes, logDrift } = dataset(columns, sizes, columns.length);
    return {
      datasets: 1,
      columns: columns.length,
      columnAlarms: mapValues(alarms, count),
      datasetAlarms: {
        ...mapValues(alarms, (list) => (list.some(Boolean) ? 1 : 0)),
        gate: Number(any[0]),
        'gate-high': Number(any[1]),
      },
      halfAlarms: count(alarms.evidently) >= columns.length / 2 ? 1 : 0,
      exits: exit.map(Number),
      codes: Object.fromEntries(codes.map((code) => [code, codes.filter((other) => other === code).length])),
      atLevel: alphas.map((alpha) => count(logDrift.map((logP) => logP <= Math.log(alpha)))),
      ...(scenario.scores ? { scores } : {}),
    };
  }

  function shift(scenario, repeat) {
    const random = randomOf(scenario, repeat);
    const moved =
      scenario.kind === 'time shift'
        ? drawTimeColumn(random, 'moved', scenario)
        : drawColumn(random, 'moved', scenario.clean, scenario.now, scenario);
    const columns = [seen(moved, random, true), ...companionsOf(scenario)];
    const { alarms, drifted, scores, exit } = dataset(columns, { reference: scenario.n, current: scenario.m }, 1);
    return {
      datasets: 1,
      detected: { ...mapValues(alarms, ([alarm]) => Number(alarm)), ...mapValues(drifted, ([alarm]) => Number(alarm)) },
      exits: exit.map(Number),
      scores,
    };
  }

  function companionsOf(scenario) {
    const { clean: law, n, m } = scenario;
    const key = law ? `companions/${law.name}/${n}/${m}` : `companions/${scenario.id}`;
    if (!companions.has(key)) {
      companions.clear();
      const random = new Random(`${seed}/${key}`);
      const columns = Array.from({ length: columnsPerDataset - 1 }, (_, i) =>
        law
          ? drawColumn(random, `other ${i}`, law, law, scenario)
          : drawTimeColumn(random, `other ${i}`, { ...scenario, shift: 0 }),
      );
      companions.set(
        key,
        columns.map((column) => seen(column, random, false)),
      );
    }
    return companions.get(key);
  }

  const evaluators = {
    clean,
    time: clean,
    shift,
    'time shift': shift,
    level: (scenario, repeat) => evaluateLevel(scenario, product, randomOf(scenario, repeat)),
  };
  return (scenario, repeat) => evaluators[scenario.kind](scenario, repeat);
}

/** One function a column, so that no more than one column's rows are held where they are many. */
function drawnClean(random, scenario) {
  const { kind, laws, n, m, correlation, twice } = scenario;
  if (kind === 'time') {
    return Array.from({ length: columnsPerDataset }, (_, i) => () => drawTimeColumn(random, `c${i}`, scenario));
  }
  if (correlation !== undefined) return drawCorrelated(random, scenario).map((column) => () => column);
  return laws.map((law, i) => () => {
    if (!twice) return drawColumn(random, `c${i}`, law, law, { n, m });
    const column = drawColumn(random, `c${i}`, law, law, { n: n / 2, m: m / 2 });
    return { ...column, copies: 2, reference: doubled(column.reference), current: doubled(column.current) };
  });
}

function doubled(side) {
  return { ...side, rows: 2 * side.rows, nulls: 2 * side.nulls, counts: side.counts.map((count) => 2 * count) };
}

/** One factor in every column: corr(x_i, x_j) = ρ. With a shift the batch's columns all move together. */
function drawCorrelated(random, { n, m, correlation, laws }) {
  const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const side = (rows) => {
    const factor = Float64Array.from({ length: rows }, () => shared * random.normal());
    return laws.map(() => ({
      rows,
      nulls: 0,
      ...tableOf(factor.map((common) => common + own * random.normal())),
    }));
  };
  const [reference, current] = [side(n), side(m)];
  return laws.map((_, i) => ({
    name: `c${i}`,
    kind: 'numeric',
    role: 'feature',
    reference: reference[i],
    current: current[i],
  }));
}

function holmRejections(logP, alpha) {
  const order = [...logP.keys()].sort((i, j) => logP[i] - logP[j]);
  const rejected = logP.map(() => false);
  for (const [k, i] of order.entries()) {
    if (!(logP[i] <= Math.log(alpha / (logP.length - k)))) break;
    rejected[i] = true;
  }
  return rejected;
}

function count(list) {
  return list.reduce((total, item) => total + Number(item), 0);
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** Sums numbers, adds lists of numbers place by place, and joins lists of scores; names stay. */
export function merged(a, b) {
  if (a === undefined) return b;
  const result = {};
  for (const [key, value] of Object.entries(b)) {
    if (typeof value === 'string') result[key] = value;
    else if (key === 'scores') {
      result.scores = {};
      for (const [arm, scores] of Object.entries(value)) result.scores[arm] = [...(a.scores?.[arm] ?? []), ...scores];
    } else if (typeof value === 'number') result[key] = a[key] + value;
    else if (Array.isArray(value)) result[key] = value.map((item, i) => a[key][i] + item);
    else if (typeof value === 'object') {
      const names = new Set([...Object.keys(a[key]), ...Object.keys(value)]);
      result[key] = Object.fromEntries([...names].map((name) => [name, (a[key][name] ?? 0) + (value[name] ?? 0)]));
    }
  }
  return result;
}
