import assert from "node:assert/strict";
import { runAll } from "../lib/run.js";
import { summary } from "../lib/summary.js";

const failing = (name, times, log) => async () => {
  log.push(name);
  if (log.filter((each) => each === name).length <= times) throw new Error(`${name} ${log.length}`);
  return name;
};

describe("several jobs", () => {
  it("gives each job its own retries", async () => {
    const log = [];
    const results = await runAll([failing("a", 1, log), failing("b", 0, log), failing("c", 1, log)], { retries: 1 });
    assert.deepEqual(results.map(({ value }) => value), ["a", "b", "c"]);
    assert.deepEqual(log, ["a", "a", "b", "c", "c"]);
    assert.equal(summary(results).jobs, 3);
  });

  it("rejects with the last error", async () => {
    const log = [];
    await assert.rejects(runAll([failing("a", 9, log), failing("b", 0, log)], { retries: 3 }), /a 4/);
    assert.deepEqual(log, ["a", "a", "a", "a"]);
  });

  it("tries once without retries", async () => {
    const log = [];
    await assert.rejects(runAll([failing("a", 1, log)]), /a 1/);
    assert.deepEqual(log, ["a"]);
  });
});
