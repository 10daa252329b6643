// A package with tests in tape, which set-up installs; its real hole CVE-2021-42740, mended at the second attempt.
import { expect, test } from "vitest";
import { playPackage } from "./play-package.ts";

test("shell-quote is refused what mends the example only, and the next session mends it all", {
  timeout: 240_000,
}, async (context) => {
  const { code, report, items, verdicts } = await playPackage(
    { name: "shell-quote", version: "1.7.2" },
    context,
  );
  expect(code).toBe(0);
  expect(report.frame?.kind).toBe("bugfix");
  expect(verdicts).toEqual(["fail", "pass"]);
  expect(items).toEqual(["passed"]);
  const [first] = report.verdicts;
  expect(first?.gates.find(({ name }) => name === "red-green")).toMatchObject({
    result: "fail",
    why: "item-1: a held-out check: the behaviour is not there",
  });
  expect(first?.gates.find(({ name }) => name === "regression")?.result).toBe("pass");
});
