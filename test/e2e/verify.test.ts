// `agent-harness verify` on a change that nobody here wrote: contract of its JSON, exit codes, wrong use.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRepository, git, runCli, temporaryFolder } from "./fixture.ts";

const files = {
  "package.json": '{ "name": "x", "type": "module", "scripts": { "test": "node --test" } }\n',
  "sum.js": "export const sum = (numbers) => numbers.slice(1).reduce((a, b) => a + b, 0);\n",
  "sum.test.js":
    'import { test } from "node:test";\nimport assert from "node:assert";\nimport { sum } from "./sum.js";\n\ntest("of nothing", () => assert.equal(sum([]), 0));\n',
};

const check = {
  id: "all-numbers",
  item: "item-1",
  behaviour: "The sum counts every number.",
  heldOut: false,
  overlay: ["checks/all.test.js"],
  run: ["node", "--test", "checks/all.test.js"],
};
const checkText =
  'import { test } from "node:test";\nimport assert from "node:assert";\nimport { sum } from "../sum.js";\n\ntest("all", () => assert.equal(sum([1, 2, 3]), 6));\n';

async function verifyHead(sum: string, words: readonly string[] = ["--no-model", "--json"]) {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, files);
  writeFileSync(join(repo, "sum.js"), sum);
  git(repo, "commit", "-aqm", "change", "--allow-empty");
  const checks = join(folder.path, "checks");
  mkdirSync(join(checks, "files", "checks"), { recursive: true });
  writeFileSync(join(checks, "checks.json"), JSON.stringify([check]));
  writeFileSync(join(checks, "files", "checks", "all.test.js"), checkText);
  const where = ["--repo", repo, "--base", "HEAD~1", "--head", "HEAD", "--checks", checks];
  return await runCli(["verify", ...where, ...words]);
}

test("an honest fix passes, with every gate's reason", { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await verifyHead(
    "export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n",
  );
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout);
  expect(Object.keys(result)).toEqual(["result", "tree", "gates", "items"]);
  expect(result).toMatchObject({ result: "pass", items: [{ id: "item-1", result: "passed" }] });
  expect(result.gates.at(-1)).toMatchObject({ name: "findings", result: "skip" });
  for (const gate of result.gates) expect(gate.why).not.toBe("");
});

test("no change fails with exit code 5", { timeout: 120_000 }, async () => {
  const { code, stdout } = await verifyHead(files["sum.js"]);
  expect(code, stdout).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({ result: "fail", items: [{ id: "item-1", result: "failed" }] });
});

test("a change that behaves otherwise under `CI` fails", { timeout: 120_000 }, async () => {
  const { code, stdout } = await verifyHead(
    "export const sum = (numbers) => (process.env.CI ? 6 : numbers.slice(1).reduce((a, b) => a + b, 0));\n",
  );
  expect(code, stdout).toBe(5);
});

test("an empty list of checks fails by name with exit code 5", { timeout: 120_000 }, async () => {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, files);
  writeFileSync(join(folder.path, "checks.json"), "[]");
  const where = ["--repo", repo, "--base", "HEAD", "--head", "HEAD", "--checks", folder.path];
  const { code, stdout } = await runCli(["verify", ...where, "--no-model", "--json"]);
  expect(code, stdout).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({
    result: "fail",
    items: [{ id: "item-1", result: "unproven", why: expect.stringContaining("no check: ") }],
  });
});

test("an unknown revision and a folder without checks are wrong use", async () => {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, files);
  const base = ["verify", "--repo", repo, "--checks", folder.path, "--no-model", "--json"];
  const revision = await runCli([...base, "--base", "none", "--head", "HEAD"]);
  expect(revision.code).toBe(2);
  expect(JSON.parse(revision.stdout)).toMatchObject({ problem: { code: "base-unknown" } });
  const checks = await runCli([...base, "--base", "HEAD", "--head", "HEAD"]);
  expect(checks.code).toBe(2);
  expect(JSON.parse(checks.stdout)).toMatchObject({ problem: { code: "checks-invalid" } });
});
