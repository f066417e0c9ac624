/** Between two pieces of work here: lets an answer that has come in put the engine's next query on its way. */
export function yieldToEngine(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
