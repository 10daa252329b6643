/** Runs the jobs one after the other; gives their results in order. */
export async function runAll(jobs) {
  const results = [];
  for (const job of jobs) {
    const started = Date.now();
    const value = await job();
    results.push({ value, ms: Date.now() - started });
  }
  return results;
}
