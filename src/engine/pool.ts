interface Waiting<T> {
  /** which it can do with, and how many of them it is to have */
  readonly among: readonly T[];
  readonly size: number;
  readonly begin: (lent: readonly T[]) => void;
}

/** Lends a fixed number of things, to whoever asks first; who waits for a certain one may be overtaken. */
export class Pool<T> {
  readonly #things: readonly T[];
  readonly #idle: Set<T>;
  readonly #waiting: Waiting<T>[] = [];

  constructor(things: readonly T[]) {
    this.#things = things;
    this.#idle = new Set(things);
  }

  /** Works with one of them, or with this one, as soon as it is idle. */
  use<R>(work: (one: T) => Promise<R>, one?: T): Promise<R> {
    return this.#lend(one === undefined ? this.#things : [one], 1, work);
  }

  /** Works with one of them while the others rest: as soon as all are idle, and before all who ask later. */
  useAlone<R>(work: (one: T) => Promise<R>): Promise<R> {
    return this.#lend(this.#things, this.#things.length, work);
  }

  async #lend<R>(among: readonly T[], size: number, work: (one: T) => Promise<R>): Promise<R> {
    const lent = await new Promise<readonly T[]>((begin) => {
      this.#waiting.push({ among, size, begin });
      this.#next();
    });
    try {
      return await work(lent[0]!);
    } finally {
      for (const one of lent) this.#idle.add(one);
      this.#next();
    }
  }

  #next(): void {
    for (const waiting of [...this.#waiting]) {
      const { among, size, begin } = waiting;
      const lent = among.filter((one) => this.#idle.has(one)).slice(0, size);
      if (lent.length === size) {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        for (const one of lent) this.#idle.delete(one);
        begin(lent);
      } else if (size > 1) return;
    }
  }
}
