import assert from "node:assert/strict";
import { wait } from "../lib/wait.js";

describe("wait", () => {
  it("resolves", async () => {
    assert.equal(await wait(1), undefined);
  });
});
