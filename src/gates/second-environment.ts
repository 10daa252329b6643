// Whether a change asks for its environment: then, and only then, the whole suite is worth two more runs, with `CI`,
// `NODE_ENV` and the like turned round. Checks are always run both ways.
import { changedFiles } from "./change/changed-files.ts";
import { listed } from "./id-list.ts";
import { fileOf, mayChange } from "./test-permission.ts";
import type { GateFacts } from "./types.ts";

const asking =
  /\bprocess\.(?:env|argv|execArgv)\b|\bimport\.meta\.env\b|\bisTTY\b|\bos\.(?:environ|getenv|Getenv|LookupEnv|Environ)\b|\benv::vars?\b|\bENV\[|\bsys\.(?:argv|modules)\b/;

function asksForEnvironment({ differences, texts }: Pick<GateFacts, "differences" | "texts">): boolean {
  return changedFiles(differences, texts)
    .filter(({ kind }) => kind === "code")
    .some(({ hunks }) => hunks.some(({ headLines }) => headLines.some((line) => asking.test(line))));
}

/** What is green on base and not on the change there, in a sentence; `undefined` where there was nothing to ask or nothing broke. */
export async function brokenWhenTurned(facts: GateFacts): Promise<string | undefined> {
  const { testRunner } = facts;
  if (!testRunner || !asksForEnvironment(facts)) return undefined;
  const run = (suite: "base" | "head-with-base-tests") => testRunner.run(suite, 0, "turned");
  const [base, head, changes] = await Promise.all([
    run("base"),
    run("head-with-base-tests"),
    testRunner.changes(),
  ]);
  const where = "with CI, NODE_ENV and the like turned round";
  if (base.timedOut || (base.countedBy !== "ids" && base.exitCode !== 0)) return undefined;
  if (head.timedOut) return `${where}, the test command does not end in time on the change`;
  if (base.countedBy !== "ids")
    return head.exitCode === 0 ? undefined : `${where}, the test command fails on the change`;
  if (head.countedBy !== "ids")
    return `${where}, the tests' report is not complete on the change: ${head.how}`;
  const broken = [...base.tests]
    .filter(([id, { status }]) => status === "passed" && head.tests.get(id)?.status !== "passed")
    .map(([id]) => id)
    .filter((id) => !mayChange(facts, changes, { id, file: fileOf(base, id) }));
  return broken.length > 0 ? `${where}, now failing: ${listed(broken)}` : undefined;
}
