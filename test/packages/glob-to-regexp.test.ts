// A package without dependencies whose tests are one plain script; a feature of three items.
import { expect, test } from "vitest";
import { playPackage } from "./play-package.ts";

test("glob-to-regexp gets a feature of three items, one item a run", {
  timeout: 180_000,
}, async (context) => {
  const { code, report, items, verdicts, types } = await playPackage(
    { name: "glob-to-regexp", version: "0.4.1" },
    context,
  );
  expect(code).toBe(0);
  expect(report.frame?.kind).toBe("feature");
  expect(items).toEqual(["passed", "passed", "passed"]);
  expect(verdicts).toEqual(["pass", "pass", "pass"]);
  expect(types.filter((type) => type === "sealed")).toHaveLength(1);
  expect(report.pr?.draft).toBe(false);
});
