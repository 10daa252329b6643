// Runs a list of jobs a few at a time, in order, until a moment is reached.

/** `undefined` for what was not begun in time. The clock is this process's own. */
export async function runPool<Job, Result>(
  jobs: readonly Job[],
  options: { readonly workers: number; readonly deadlineMs: number; run(job: Job): Promise<Result> },
): Promise<readonly (Result | undefined)[]> {
  const results: (Result | undefined)[] = jobs.map(() => undefined);
  let next = 0;
  const work = async () => {
    while (next < jobs.length && performance.now() < options.deadlineMs) {
      const index = next++;
      const job = jobs[index];
      if (job !== undefined) results[index] = await options.run(job);
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  return results;
}
