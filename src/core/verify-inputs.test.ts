import { expect, test } from "vitest";
import { Problem } from "./problem.ts";
import { parseMode, parseVerifyInputs } from "./verify-inputs.ts";

const given = (inputs: Readonly<Record<string, string>>) => (name: string) => inputs[name] ?? "";

function mistakeIn(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem && error.code === "action-input-invalid") return String(error.facts.what);
    throw error;
  }
  return "";
}

test("nothing given is the linked issue, an author's checks and a neutral end without proof", () => {
  const nothing = { issue: undefined, checks: undefined, withoutProof: "neutral" };
  expect(parseVerifyInputs(given({}))).toEqual(nothing);
});

test("inputs are read as people write them", () => {
  const inputs = { issue: "#12", checks: "./acceptance/", "without-proof": "failure" };
  expect(parseVerifyInputs(given(inputs))).toEqual({
    issue: 12,
    checks: "acceptance",
    withoutProof: "failure",
  });
});

test.each([
  [{ issue: "twelve" }, "issue: twelve"],
  [{ issue: "0" }, "issue: 0"],
  [{ checks: "../elsewhere" }, "checks: ../elsewhere"],
  [{ checks: "/etc" }, "checks: /etc"],
  [{ checks: "." }, "checks: ."],
  [{ checks: "HEAD:x" }, "checks: HEAD:x"],
  [{ "without-proof": "success" }, "without-proof: success"],
])("refuses %j", (inputs, expected) => {
  expect(mistakeIn(() => parseVerifyInputs(given(inputs)))).toContain(expected);
});

test("all mistakes are told at once", () => {
  const what = mistakeIn(() => parseVerifyInputs(given({ issue: "x", checks: "..", "without-proof": "y" })));
  expect(what.split("; ")).toHaveLength(3);
});

const roles = ["admit", "settle"];

test("one of `mode` and `role` says what the action does", () => {
  expect(parseMode(given({ mode: "verify" }), roles)).toBe("verify");
  expect(parseMode(given({ role: "settle", task: "1", ticket: "t" }), roles)).toBe("role");
});

test.each([
  [{}, "neither `mode` nor `role`"],
  [{ mode: "verify", role: "admit" }, "both"],
  [{ mode: "session" }, "`mode: session`"],
  [{ role: "verifier", task: "1", ticket: "t" }, "expected one of admit, settle"],
  [{ role: "admit" }, "without `task` and `ticket`"],
  [{ role: "admit", task: "1" }, "without `ticket`"],
])("says what is missing in %j", (inputs, expected) => {
  expect(mistakeIn(() => parseMode(given(inputs), roles))).toContain(expected);
});
