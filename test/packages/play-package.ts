// Plays one package's task: fetched, committed, run by the built command line with the script beside its issue. What must
// come of it is in the tests.
import { join } from "node:path";
import { expect, type TestContext } from "vitest";
import { root, runScripted, temporaryFolder } from "../e2e/fixture.ts";
import { type Adaptation, commitPackage, countFiles, unpack } from "./registry.ts";

export interface PackageTask {
  /** Folder beside this file that holds `issue.md` and `script.yaml`. */
  readonly name: string;
  readonly version: string;
  readonly adaptation?: Adaptation;
  readonly says?: readonly string[];
}

/** Skips the test where the registry is out of reach. A request that the script did not expect fails it. */
export async function playPackage(task: PackageTask, context: TestContext) {
  using download = temporaryFolder();
  const unpacked = await unpack(`${task.name}@${task.version}`, download);
  if ("skipped" in unpacked) return context.skip(unpacked.skipped);
  using repository = commitPackage(unpacked.path, task.adaptation);
  const folder = join(root, "test", "packages", task.name);
  const result = await runScripted({
    script: join(folder, "script.yaml"),
    issue: join(folder, "issue.md"),
    repo: repository.path,
    out: join(repository.beside, "out"),
    ...(task.says ? { says: task.says } : {}),
  });
  expect(result.mismatches).toEqual([]);
  const { report } = result;
  if (report === undefined) throw new Error(`Expected a report, found none. ${result.stderr}`);
  return {
    code: result.code,
    report,
    files: countFiles(repository.path),
    verdicts: report.verdicts.map(({ result: each }) => each),
    items: report.frame?.items.map(({ status }) => status),
    types: report.ledger.map(({ type }) => type),
  };
}
