// Writes the checks for a request at base: the tree is laid down alone, prepared, and the author works on a copy of it.
// No commit but base is ever read, so nothing of a change can reach the author.
import { join } from "node:path";
import type { Frame } from "../core/frame.ts";
import { Problem } from "../core/problem.ts";
import { type AuthorOptions, type AuthorResult, authorChecks } from "./author.ts";
import { createCheckRunner } from "./check-runner.ts";
import type { TreeListing } from "./git-objects.ts";
import { protectedPathTest } from "./protected.ts";
import { prepareTrees } from "./set-up.ts";
import { layTrees } from "./trees.ts";
import { openWorkCopy } from "./work-copy.ts";

type MadeHere = "workspace" | "env" | "readable" | "scratchDir" | "runner" | "keepsBehaviour";

export interface WriteChecksRequest extends Omit<AuthorOptions, MadeHere> {
  /** A checkout or bare repository that has base. */
  readonly repository: string;
  /** A folder of the caller's, emptied and removed by it. */
  readonly scratch: string;
}

export interface WrittenChecks extends AuthorResult {
  /** Base without `.harness/`, for the seal. */
  readonly base: TreeListing;
}

/** What a kind's own gate proves is no check's to prove. */
const keepsBehaviour = ({ kind }: Frame) => kind === "refactor";

/** Throws `setup-failed`, and `model-failed` where the service was gone before the author had ended. */
export async function writeChecks(request: WriteChecksRequest): Promise<WrittenChecks> {
  const { frame, sandbox, scratch, repository } = request;
  const trees = await layTrees({
    repository,
    base: frame.base,
    head: { revision: frame.base },
    isProtected: protectedPathTest(frame.protected),
    directory: join(scratch, "trees"),
  });
  const setUp = { command: frame.setup };
  const prepared = await prepareTrees({ trees, setUp, sandbox, directory: scratch });
  await using copy = await openWorkCopy(prepared.base, scratch);
  const result = await authorChecks({
    ...request,
    workspace: copy.directory,
    env: prepared.base.env,
    readable: prepared.base.readable,
    scratchDir: join(scratch, "outputs"),
    keepsBehaviour: keepsBehaviour(frame),
    runner: createCheckRunner({ sandbox, base: prepared.base, head: prepared.head, scratch }),
  });
  if (result.end.kind === "service")
    throw new Problem("model-failed", { status: result.end.status ?? "no answer", what: result.end.message });
  return { ...result, base: trees.base.listing };
}
