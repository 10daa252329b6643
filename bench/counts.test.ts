// The aims that are counted and not timed. Needs the build, as `npm test` makes it.
import { expect, test } from "vitest";
import { bundleSize } from "./bundle.ts";
import { root, runSample } from "./sample-run.ts";
import { median } from "./summary.ts";

test("the bundled action stays below 1.25 MB, well within its 2 MB", () => {
  expect(bundleSize(root).bytes).toBeLessThan(1_250_000);
});

test("from the label to the dispatch the App makes at most 12 requests to GitHub", async () => {
  const { toDispatch, requests } = await runSample();
  expect(toDispatch.at(-1)).toMatch(/\/dispatches$/);
  expect(toDispatch.length).toBeLessThanOrEqual(12);
  expect(requests.length).toBeLessThanOrEqual(45);
});

test("a median of an even number of values lies between the two in the middle", () => {
  expect(median([9, 1, 3, 5])).toBe(4);
  expect(median([9, 1, 3])).toBe(3);
});
