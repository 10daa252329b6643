// The shipped workflow and the one that the documents show, each broken in one place: the policy must say so, and say
// nothing of the files themselves.
import type { HostileRow } from "./rows.ts";
import { brokenRules, shipped, verifyOnly } from "./workflow-lint.ts";
import { mutants } from "./workflow-mutants.ts";

const group = "Jobs";

const whole = [
  ["the shipped workflow", shipped],
  ["the workflow of docs/verify-action.md", verifyOnly],
] as const;

export const rows: readonly HostileRow[] = [
  ...whole.map(
    ([row, text]): HostileRow => ({
      group,
      row,
      expect: "no finding",
      async try() {
        const found = brokenRules(text);
        return { held: found.length === 0, by: found.join(", ") || "every rule holds" };
      },
    }),
  ),
  ...mutants.map(
    ({ name, rule, text }): HostileRow => ({
      group,
      row: `a workflow with ${name}`,
      expect: `found by \`${rule}\``,
      async try() {
        const found = [...new Set(brokenRules(text))];
        return { held: found.includes(rule), by: found.join(", ") || "nothing" };
      },
    }),
  ),
];
