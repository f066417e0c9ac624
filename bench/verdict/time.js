import { tableOf } from './laws.js';

/**
 * Columns whose rows are not independent: a reference of W windows as long as the batch, in time, and a clean batch that is the next
 * window. Every column of a dataset has its own history.
 */

const clean = [
  { name: 'rows AR(1) 0.9', windows: 30, rows: 1000, series: autoregressive(0.9) },
  { name: 'rows AR(1) 0.9', windows: 30, rows: 200, series: autoregressive(0.9) },
  { name: 'day effect 0.1 σ', windows: 30, rows: 1000, series: dayEffect(0.1) },
  { name: 'day effect 0.3 σ', windows: 8, rows: 1000, series: dayEffect(0.3) },
  { name: 'day effect 0.3 σ', windows: 12, rows: 1000, series: dayEffect(0.3) },
  { name: 'day effect 0.3 σ', windows: 30, rows: 1000, series: dayEffect(0.3) },
  { name: 'day effect 0.3 σ', windows: 60, rows: 1000, series: dayEffect(0.3) },
  { name: 'day effect 0.3 σ', windows: 4, rows: 1000, series: dayEffect(0.3) },
  { name: 'day effect 0.3 σ, lognormal', windows: 30, rows: 1000, series: dayEffect(0.3, Math.exp) },
  { name: 'days AR(1) 0.7 of 0.3 σ, week against weeks', windows: 8, rows: 7000, series: weekOfDays(0.7, 0.3) },
  { name: 'five categories, log odds of the first vary by 0.3', windows: 30, rows: 1000, series: fiveByDay(0.3) },
  { name: 'null share varies by day, 0.5 % to 8 %', windows: 30, rows: 1000, series: nullsByDay },
];

const shifted = [
  { name: 'day effect 0.1 σ, batch +0.5 σ', windows: 30, rows: 1000, series: dayEffect(0.1), shift: 0.5 },
  { name: 'day effect 0.1 σ, batch +1 σ', windows: 30, rows: 1000, series: dayEffect(0.1), shift: 1 },
  { name: 'day effect 0.3 σ, batch +1 σ', windows: 30, rows: 1000, series: dayEffect(0.3), shift: 1 },
  { name: 'day effect 0.3 σ, batch +2 σ', windows: 30, rows: 1000, series: dayEffect(0.3), shift: 2 },
  { name: 'rows AR(1) 0.9, batch +0.5 σ', windows: 30, rows: 1000, series: autoregressive(0.9), shift: 0.5 },
  { name: 'rows AR(1) 0.9, batch +1 σ', windows: 30, rows: 1000, series: autoregressive(0.9), shift: 1 },
];

/** A series gives one window after the other: rows in order (NaN is null), or the rows of each of five categories. */
function autoregressive(rho) {
  return (random) => {
    let x = random.normal();
    const innovation = Math.sqrt(1 - rho * rho);
    return (rows) => {
      const window = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        window[i] = x;
        x = rho * x + innovation * random.normal();
      }
      return window;
    };
  };
}

function dayEffect(sd, map = (x) => x) {
  return (random) => (rows) => {
    const day = sd * random.normal();
    return Float64Array.from({ length: rows }, () => map(day + random.normal()));
  };
}

function weekOfDays(rho, sd) {
  return (random) => {
    let day = random.normal();
    const innovation = Math.sqrt(1 - rho * rho);
    return (rows) => {
      const window = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        if (i % (rows / 7) === 0) day = rho * day + innovation * random.normal();
        window[i] = sd * day + random.normal();
      }
      return window;
    };
  };
}

function fiveByDay(sd) {
  const logOdds = Math.log(0.4 / 0.6);
  return (random) => (rows) => {
    const first = 1 / (1 + Math.exp(-(logOdds + sd * random.normal())));
    const rest = [0.25, 0.2, 0.1, 0.05].map((share) => ((1 - first) * share) / 0.6);
    return { counts: random.multinomial(rows, [first, ...rest]) };
  };
}

function nullsByDay(random) {
  return (rows) => {
    const share = 0.02 * Math.exp(0.7 * random.normal());
    const window = Float64Array.from({ length: rows }, () => (random.uniform() < share ? Number.NaN : random.normal()));
    return window;
  };
}

/** Both sides, with the reference's windows as they came. */
export function drawTimeColumn(random, name, { windows, rows, series, shift = 0 }) {
  const next = series(random);
  const reference = Array.from({ length: windows }, () => next(rows));
  const current = next(rows);
  if (current.counts) {
    const counts = new Float64Array(5);
    for (const window of reference) for (let i = 0; i < 5; i++) counts[i] += window.counts[i];
    return {
      name,
      kind: 'categorical',
      role: 'feature',
      reference: { rows: windows * rows, nulls: 0, counts },
      current: { rows, nulls: 0, counts: current.counts },
      windows: reference.map((window) => ({ rows, nulls: 0, counts: window.counts })),
    };
  }
  const side = (values) => {
    const present = values.filter((x) => !Number.isNaN(x));
    return { rows: values.length, nulls: values.length - present.length, ...tableOf(present) };
  };
  const all = new Float64Array(windows * rows);
  for (const [w, window] of reference.entries()) all.set(window, w * rows);
  const tenth = all.length / 10;
  const chunks = Array.from({ length: 10 }, (_, k) =>
    side(all.slice(Math.round(k * tenth), Math.round((k + 1) * tenth))),
  );
  return {
    name,
    kind: 'numeric',
    role: 'feature',
    reference: side(all.slice()),
    current: side(current.map((x) => x + shift)),
    windows: reference.map(side),
    referenceChunks: chunks,
  };
}

export function timeScenarios(quick) {
  const scenario = (kind, { name, windows, rows, ...rest }, repeats) => ({
    kind,
    section: 'time',
    id: `time/${name}/${windows}/${rows}`,
    law: name,
    n: windows * rows,
    m: rows,
    windows,
    rows,
    ...rest,
    repeats,
  });
  if (quick) return clean.slice(0, 1).map((row) => scenario('time', row, 6));
  return [
    ...clean.map((row) => scenario('time', row, row.windows * row.rows > 50_000 ? 40 : 100)),
    ...shifted.map((row) => scenario('time shift', row, 80)),
  ];
}
