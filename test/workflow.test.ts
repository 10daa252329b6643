// The workflow file that users install: GitHub's own linter, the house's policy, and shellcheck have nothing to say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { lintWorkflow } from "../src/local/actions/lint.ts";
import { policyFindings } from "../src/local/actions/policy.ts";
import { roleFindings } from "../src/local/actions/policy-roles.ts";
import { root } from "./e2e/fixture.ts";

const path = ".github/workflows/agent-harness.yml";
const workflow = readFileSync(join(root, path), "utf8");
const own = "agent-harness/agent-harness";

test("GitHub's language service finds nothing", async () => {
  const action = readFileSync(join(root, "action.yml"), "utf8");
  expect(await lintWorkflow(workflow, path, { [own]: action })).toEqual([]);
});

test("the policy finds nothing", () => {
  expect(policyFindings(workflow, [own])).toEqual([]);
});

test("each job is its role's", () => {
  expect(roleFindings(workflow, [own])).toEqual([]);
});

test("each job has exactly the permissions of its role", () => {
  const { permissions, jobs } = parse(workflow) as {
    permissions: unknown;
    jobs: Record<string, { permissions: Record<string, string>; steps: { uses?: string }[] }>;
  };
  expect(permissions).toEqual({});
  expect(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))).toEqual({
    admit: { contents: "read", issues: "read" },
    author: { contents: "read" },
    session: { contents: "read" },
    verify: { contents: "read" },
    settle: {
      contents: "write",
      issues: "write",
      "pull-requests": "write",
      checks: "write",
      actions: "write",
    },
  });
  expect(jobs.settle?.steps.some(({ uses }) => uses?.startsWith("actions/checkout"))).toBe(false);
});
