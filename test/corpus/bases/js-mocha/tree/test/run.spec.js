import assert from "node:assert/strict";
import { runAll } from "../lib/run.js";

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
});
