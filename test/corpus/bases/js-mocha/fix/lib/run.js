import { wait } from "./wait.js";

async function attempt(job, { retries, delayMs }) {
  try {
    return await job();
  } catch (error) {
    if (retries === 0) throw error;
    await wait(delayMs);
    return attempt(job, { retries: retries - 1, delayMs });
  }
}

/** Runs the jobs one after the other, a failing one up to `retries` more times; gives their results in order. */
export async function runAll(jobs, { retries = 0, delayMs = 0 } = {}) {
  const results = [];
  for (const job of jobs) {
    const started = Date.now();
    const value = await attempt(job, { retries, delayMs });
    results.push({ value, ms: Date.now() - started });
  }
  return results;
}
