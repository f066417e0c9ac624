/** Between two pieces of work here: lets an answer that has come in put the engine's next query on its way. */
export function yieldToEngine(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** Work that goes on while its beginner does other things, and may come to need it only later, or never. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}
