// Packages of the npm registry as repositories of a user's: fetched by the client with its own configuration, unpacked,
// committed. What is done with them is in the tests.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createRepository, type Folder, git, temporaryFolder } from "../e2e/fixture.ts";

const execute = promisify(execFile);

/** `skipped` says why, where the registry cannot be reached and nothing demands that it is. */
export type Unpacked = { readonly path: string } | { readonly skipped: string };

/**
 * The package's files below `folder`, by `npm pack name@version`. An unreachable registry is an error where
 * AGENT_HARNESS_REQUIRE_ALL is 1.
 */
export async function unpack(name: string, folder: Folder): Promise<Unpacked> {
  const words = ["pack", "--silent", "--pack-destination", folder.path, "--fetch-retries=1", name];
  try {
    const { stdout } = await execute("npm", words, { cwd: folder.path, timeout: 60_000 });
    const tarball = stdout.trim().split("\n").at(-1) ?? "";
    await execute("tar", ["-xzf", join(folder.path, tarball), "-C", folder.path]);
    return { path: join(folder.path, "package") };
  } catch (cause) {
    // biome-ignore lint/style/noProcessEnv: a test asks how strict it has to be
    if (process.env.AGENT_HARNESS_REQUIRE_ALL === "1")
      throw new Error(`Expected \`npm pack ${name}\` to bring the package; check the registry.`, { cause });
    return { skipped: `\`npm pack ${name}\` did not bring the package: is the registry within reach?` };
  }
}

/** Changes before the first commit, as a fork would make them. */
export interface Adaptation {
  /** Written over what is there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Left out of the manifest: development tools that the tests used here do not need. */
  readonly withoutDevDependencies?: boolean;
}

export interface PackageRepository extends Disposable {
  readonly path: string;
  /** A folder for everything else of the test. */
  readonly beside: string;
}

/** A git repository on branch `main` with the package as its only commit. */
export function commitPackage(from: string, adaptation: Adaptation = {}): PackageRepository {
  const folder = temporaryFolder();
  const copy = join(folder.path, "copy");
  cpSync(from, copy, { recursive: true });
  for (const [path, text] of Object.entries(adaptation.files ?? {})) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  if (adaptation.withoutDevDependencies === true) {
    const manifest = join(copy, "package.json");
    const { devDependencies: _, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
    writeFileSync(manifest, `${JSON.stringify(rest, undefined, 2)}\n`);
  }
  const path = createRepository(folder.path, { from: copy });
  return { path, beside: folder.path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

/** How many files the repository's commit has. */
export function countFiles(repository: string): number {
  return git(repository, "ls-tree", "-r", "--name-only", "HEAD").split("\n").length;
}
