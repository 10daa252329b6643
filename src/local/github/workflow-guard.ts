// GitHub lets no App and no job change workflow files without `workflows: write`: for refs moved by the API and by a push.
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";
import { ApiError } from "./http.ts";
import type { Identity } from "./identity.ts";

const FOLDER = ".github/workflows";
const REFUSAL = `refusing to allow a GitHub App to create or update workflow files in ${FOLDER} without \`workflows\` permission`;
const VARIABLE = "EMBEDDED_GITHUB_WORKFLOWS";

function mustKeep(identity: Identity): boolean {
  return (
    (identity.kind === "installation" || identity.kind === "job") &&
    identity.permissions.workflows !== "write"
  );
}

/** Throws 403 where the commit `after` has workflow files that neither `before` nor the default branch has. */
export async function keepWorkflows(
  git: Git,
  identity: Identity,
  change: { before: string | undefined; after: string },
): Promise<void> {
  if (!mustKeep(identity)) return;
  const folder = (revision: string) => git.sha(`${revision}:${FOLDER}`);
  const mine = await folder(change.after);
  for (const base of [change.before, "HEAD"]) if (base !== undefined && (await folder(base)) === mine) return;
  const joint = (await git.run(["merge-base", "HEAD", change.after])).stdout.toString("utf8").trim();
  if ((joint === "" ? undefined : await folder(joint)) !== mine) throw new ApiError(403, REFUSAL);
}

/** What a push under `identity` gets in its environment, for the hook below. */
export function pushEnvironment(identity: Identity): Record<string, string> {
  return mustKeep(identity) ? { [VARIABLE]: "keep" } : {};
}

const HOOK = `#!/bin/sh
[ "$${VARIABLE}" = keep ] || exit 0
[ "$3" = 0000000000000000000000000000000000000000 ] && exit 0
mine=$(git rev-parse -q --verify "$3:${FOLDER}")
for base in "$2" HEAD "$(git merge-base HEAD "$3" 2>/dev/null)"; do
  [ "$(git rev-parse -q --verify "$base:${FOLDER}")" = "$mine" ] && exit 0
done
echo '${REFUSAL}' >&2
exit 1
`;

export async function installHook(gitDir: string): Promise<void> {
  const file = join(gitDir, "hooks", "update");
  await writeFile(file, HOOK);
  await chmod(file, 0o755);
}
