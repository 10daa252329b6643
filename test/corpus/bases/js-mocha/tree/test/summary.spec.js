import assert from "node:assert/strict";
import { median, summary } from "../lib/summary.js";

describe("summary", () => {
  it("tells the longest time", () => {
    assert.deepEqual(summary([{ ms: 4 }, { ms: 9 }, { ms: 5 }]), { jobs: 3, longest: 9, median: 5 });
    assert.deepEqual(summary([]), { jobs: 0, longest: 0, median: 0 });
  });

  it("lies between the two in the middle", () => {
    assert.equal(median([1, 2, 4, 9]), 3);
  });
});
