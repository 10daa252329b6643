import assert from "node:assert/strict";
import { runAll } from "../lib/run.js";

/** Fails so many times, then gives how often it was called. */
function failing(times, error = new Error("no disk")) {
  let calls = 0;
  return () => {
    calls++;
    return calls > times ? calls : Promise.reject(error);
  };
}

describe("runAll", () => {
  it("gives results in order", async () => {
    const results = await runAll([() => 1, async () => 2]);
    assert.deepEqual(results.map(({ value }) => value), [1, 2]);
  });

  it("rejects when a job fails, and runs no more", async () => {
    let isReached = false;
    const jobs = [() => Promise.reject(new Error("no disk")), () => { isReached = true; }];
    await assert.rejects(runAll(jobs), /no disk/);
    assert.equal(isReached, false);
  });

  it("tries a failing job again", async () => {
    const [result] = await runAll([failing(2)], { retries: 2 });
    assert.equal(result.value, 3);
  });

  it("rejects with the last error", async () => {
    await assert.rejects(runAll([failing(3)], { retries: 2 }), /no disk/);
  });

  it("waits between two tries", async () => {
    const [{ ms }] = await runAll([failing(2)], { retries: 2, delayMs: 20 });
    assert.ok(ms >= 30, `expected two times 20 ms, took ${ms}`);
  });
});
