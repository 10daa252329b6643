// What a frame is generated from, as one commit of a repository has it. Nothing is checked out.
import { configPath } from "../core/config.ts";
import { manifestPaths, type RepositoryFacts } from "../frames/repository.ts";
import { listRoot, readFileAt } from "./git-objects.ts";

export interface RepositoryAt {
  readonly facts: RepositoryFacts;
  /** Of the configuration; `undefined` where there is none. */
  readonly configText: string | undefined;
}

export async function readRepositoryAt(repository: string, commit: string): Promise<RepositoryAt> {
  const rootEntries = await listRoot(repository, commit);
  const present = manifestPaths.filter((path) => rootEntries.includes(path));
  const texts = await Promise.all(
    present.map(async (path) => [path, (await readFileAt(repository, commit, path)) ?? ""] as const),
  );
  return {
    facts: { rootEntries, files: new Map(texts) },
    configText: await readFileAt(repository, commit, configPath),
  };
}
