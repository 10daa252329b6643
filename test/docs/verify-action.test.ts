// The workflow that people copy from docs/verify-action.md: linted as it stands there. It is run in test/e2e.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { root } from "../../scripts/docs.ts";
import { lintWorkflow } from "../../src/local/actions/lint.ts";
import { policyFindings } from "../../src/local/actions/policy.ts";
import { shownWorkflow } from "./markdown.ts";

const page = readFileSync(join(root, "docs", "verify-action.md"), "utf8");
const action = readFileSync(join(root, "action.yml"), "utf8");
const own = "agent-harness/agent-harness";
const path = ".github/workflows/verify.yml";
const workflow = shownWorkflow(page);

test("the workflow that is shown has no finding of GitHub's linter, nor of the house", async () => {
  expect(await lintWorkflow(workflow, path, { [own]: action })).toEqual([]);
  expect(policyFindings(workflow, [own])).toEqual([]);
});

test("the linter sees the inputs that the action has", async () => {
  const wrong = workflow.replace("mode: verify", "mood: verify");
  const findings = await lintWorkflow(wrong, path, { [own]: action });
  expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining("mood")]);
});

test("the workflow may read contents and issues and write check runs, and nothing else", () => {
  const schema = z.object({ jobs: z.object({ verify: z.object({ permissions: z.unknown() }) }) });
  expect(schema.parse(parse(workflow)).jobs.verify.permissions).toEqual({
    contents: "read",
    issues: "read",
    checks: "write",
  });
});

const shipped = readFileSync(join(root, ".github", "workflows", "agent-harness.yml"), "utf8");

test("the third-party actions are those of the shipped workflow, at the same commits", () => {
  const used = [...workflow.matchAll(/uses: (\S+)/g)].map(([, uses]) => uses);
  expect(used.length).toBeGreaterThan(1);
  for (const uses of used) expect(shipped).toContain(`uses: ${uses}`);
});

test("the sandbox is installed as in the shipped workflow", () => {
  const step = /^ {6}- if: .*\n {8}run: \|\n(?: {10}.*\n)+/m.exec(workflow)?.[0];
  expect(step).toContain("bubblewrap");
  expect(shipped).toContain(step);
});

test("the page names every input of the action that the mode reads", () => {
  const schema = z.object({ inputs: z.record(z.string(), z.object({ description: z.string() })) });
  const { inputs } = schema.parse(parse(action));
  const read = Object.entries(inputs).filter(([, { description }]) => description.startsWith("verify:"));
  expect(read.map(([name]) => name)).toEqual(["issue", "checks", "without-proof"]);
  for (const [name] of read) expect(page).toContain(`| \`${name}\` |`);
});
