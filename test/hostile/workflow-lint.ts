// The workflow files that the house's policy is about, how they are linted, and how one job of them is changed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policyFindings } from "../../src/local/actions/policy.ts";
import { roleFindings } from "../../src/local/actions/policy-roles.ts";
import { shownWorkflow } from "../docs/markdown.ts";

export interface Mutant {
  /** Completes "a workflow with …". */
  readonly name: string;
  /** Which finding it must bring. */
  readonly rule: string;
  readonly text: string;
}

const root = join(import.meta.dirname, "../..");
const own = ["agent-harness/agent-harness"];

export const shipped = readFileSync(join(root, ".github", "workflows", "agent-harness.yml"), "utf8");
export const verifyOnly = shownWorkflow(readFileSync(join(root, "docs", "verify-action.md"), "utf8"));

/** Names of the rules that a workflow breaks; those of the roles only for the workflow that has them. */
export function brokenRules(text: string): string[] {
  const hasRoles = /^ +role: /m.test(text);
  return [...policyFindings(text, own), ...(hasRoles ? roleFindings(text, own) : [])].map(({ rule }) => rule);
}

/** Throws where the workflow has no such text any more: the mutant would be none. */
export function put(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`Expected ${String(from)} in the workflow, found none.`);
  return changed;
}

/** One job with its comment, from its name to the next. */
function jobText(name: string): string {
  const found = new RegExp(`^ {2}${name}:\\n(?: {4}.*\\n| {2}#.*\\n|\\n)*`, "m").exec(shipped)?.[0];
  if (found === undefined) throw new Error(`Expected a job \`${name}\`, found none.`);
  return found;
}

export function inJob(job: string, from: string | RegExp, to: string): string {
  const text = jobText(job);
  return put(shipped, text, put(text, from, to));
}

export const expression = (text: string) => `\${{ ${text} }}`;
export const readOnly = "    permissions:\n      contents: read\n";
export const key = `          ANTHROPIC_API_KEY: ${expression("secrets.ANTHROPIC_API_KEY")}\n`;
export const sha = "3d3c42e5aac5ba805825da76410c181273ba90b1";
export const checkout = `      - uses: actions/checkout@${sha} # v7.0.1\n        with:\n          persist-credentials: false\n`;
export const bubblewrap = "command -v bwrap >/dev/null || {";
export const script = (line: string) => put(shipped, bubblewrap, `${line}\n          ${bubblewrap}`);
export const extraJob = (permissions: string, steps: string) =>
  `${shipped}\n  extra:\n    needs: admit\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: ${permissions}\n    steps:\n${steps}`;
