import assert from "node:assert/strict";
import { runAll } from "../lib/run.js";

describe("retries", () => {
  it("tries a failing job again", async () => {
    let tries = 0;
    const job = async () => {
      tries++;
      if (tries < 3) throw new Error(`try ${tries}`);
      return "done";
    };
    const [{ value }] = await runAll([job], { retries: 2 });
    assert.equal(value, "done");
    assert.equal(tries, 3);
  });
});
