// GitHub's evaluator as it is used here: what is allowed where, how values become text, hashFiles.
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, writeTree } from "./actions-fixture.ts";
import { evaluateCondition, evaluateString, evaluateStrings, hostFunctions } from "./expressions.ts";
import { findFiles, hashFiles } from "./glob.ts";
import { NO_STATUS } from "./run-context.ts";
import { loadWorkflow, tokensOf } from "./workflow-model.ts";

const scope = {
  contexts: { github: { sha: "abc", ref: null }, inputs: { n: 3, yes: true, list: ["a", "b"] }, vars: {} },
  functions: hostFunctions(NO_STATUS),
};

function runNamed(text: string) {
  const workflow = loadWorkflow(
    `on: workflow_dispatch\nrun-name: ${JSON.stringify(text)}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo}]}}`,
    "w.yml",
  );
  const token = workflow.tokens["run-name"];
  if (!token) throw new Error("no run-name");
  return evaluateString(token, scope);
}

test("keeps every quote and brace of the text round an expression", () => {
  expect(runNamed(`echo '{a}' '{b}' \${{ github.sha }} 'c' {{d}} ''`)).toBe(
    "echo '{a}' '{b}' abc 'c' {{d}} ''",
  );
  expect(runNamed(`\${{ format('it''s ''{0}''', inputs.n) }}`)).toBe("it's '3'");
});

test("turns values into text as GitHub does", () => {
  expect(
    runNamed(
      `\${{ inputs.yes }}/\${{ inputs.n }}/\${{ github.ref }}/\${{ github.none }}/\${{ inputs.list }}`,
    ),
  ).toBe("true/3///Array");
  expect(
    runNamed(`\${{ join(inputs.list, '+') }} \${{ contains(inputs.list, 'B') }} \${{ toJSON(inputs.list) }}`),
  ).toBe('a+b true [\n  "a",\n  "b"\n]');
});

test("refuses a context that is not supplied, and a function that is not there", () => {
  expect(() => evaluateCondition("needs.a.result == 'x'", scope)).toThrow(/needs/);
  expect(() => evaluateCondition("hashFiles('x') == ''", scope)).toThrow(/hashFiles/);
  expect(() => evaluateCondition("github.sha ==", scope)).toThrow(/could not be evaluated/);
  expect(evaluateCondition("success() && inputs.n > 2 && github.sha == 'ABC'", scope)).toBe(true);
});

test("gives env values as written, null as empty", () => {
  const workflow = loadWorkflow(
    `on: workflow_dispatch\nenv: {A: true, B: 1, C: , D: 'x \${{ inputs.n }}'}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo}]}}`,
    "w.yml",
  );
  const all = { ...scope, contexts: { ...scope.contexts, secrets: {} } };
  expect(evaluateStrings(workflow.tokens.env, all)).toEqual({ A: "true", B: "1", C: "", D: "x 3" });
  expect(tokensOf(workflow.tokens.env).A).toBeDefined();
});

test("finds files by patterns, with exclusions, directories and hidden names", () => {
  using folder = temporaryFolder();
  writeTree(folder.path, {
    "a/x.txt": "1",
    "a/b/y.txt": "2",
    "a/b/z.md": "3",
    ".h/k.txt": "4",
    "a/.env": "5",
  });
  const found = (patterns: string[], skipHidden = false) =>
    findFiles(folder.path, patterns, { skipHidden }).files.map((file) => file.slice(folder.path.length + 1));
  expect(found(["a"])).toEqual(["a/.env", "a/b/y.txt", "a/b/z.md", "a/x.txt"]);
  expect(found(["a"], true)).toEqual(["a/b/y.txt", "a/b/z.md", "a/x.txt"]);
  expect(found(["**/*.txt", "!a/b"])).toEqual([".h/k.txt", "a/x.txt"]);
  expect(found(["a/*/[yz].*"])).toEqual(["a/b/y.txt", "a/b/z.md"]);
  expect(found([".h"], true)).toEqual([]);
  expect(found(["a/?.txt"])).toEqual(["a/x.txt"]);
});

test("follows symbolic links, but no loop of them and no broken one", () => {
  using folder = temporaryFolder();
  writeTree(folder.path, { "a/x.txt": "1" });
  symlinkSync(folder.path, join(folder.path, "a", "loop"));
  symlinkSync("a", join(folder.path, "link"));
  symlinkSync("nowhere", join(folder.path, "broken"));
  const { files } = findFiles(folder.path, ["link", "broken", "a"]);
  expect(files.map((file) => file.slice(folder.path.length + 1))).toEqual(["a/x.txt", "link/x.txt"]);
});

test("hashes the same files to the same value and other content to another", () => {
  using folder = temporaryFolder();
  writeTree(folder.path, { "package-lock.json": "{}", "n/package-lock.json": "{}" });
  const before = hashFiles(folder.path, ["**/package-lock.json"]);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(hashFiles(folder.path, ["**/package-lock.json"])).toBe(before);
  expect(hashFiles(folder.path, ["nothing"])).toBe("");
  writeTree(folder.path, { "n/package-lock.json": "{ }" });
  expect(hashFiles(folder.path, ["**/package-lock.json"])).not.toBe(before);
});
