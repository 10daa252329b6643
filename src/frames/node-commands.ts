// Set-up and tests of a Node package, from package.json and the lock file. Install scripts are always off.
import * as z from "zod";
import type { Command } from "../core/frame.ts";
import type { Ecosystem, RepositoryFacts } from "./repository.ts";

const names = z.record(z.string(), z.unknown()).optional().catch(undefined);

const manifestSchema = z.object({
  scripts: z.record(z.string(), z.unknown()).optional().catch(undefined),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  workspaces: z.unknown().optional(),
  packageManager: z.string().optional().catch(undefined),
});
type Manifest = z.infer<typeof manifestSchema>;

/** `undefined` where there is no package.json. */
export function nodeCommands({ rootEntries, files }: RepositoryFacts): Ecosystem | undefined {
  const text = files.get("package.json");
  if (text === undefined) return undefined;
  const manifest = readManifest(text);
  if (manifest === undefined) {
    const why = ["package.json is not a JSON object, so nothing is taken from it."];
    return { name: "Node", setup: null, test: null, hasTests: false, why };
  }
  const setup = findSetup(manifest, rootEntries, files);
  const test = findTest(manifest, rootEntries, setup.isBerry);
  return {
    name: "Node",
    setup: setup.command,
    test: test.command,
    hasTests: test.command !== null,
    why: [setup.why, test.why],
  };
}

function readManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text.replace(/^\ufeff/, ""))).data;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

interface FoundSetup {
  readonly command: Command | null;
  readonly why: string;
  readonly isBerry: boolean;
}

function findSetup(
  manifest: Manifest,
  rootEntries: readonly string[],
  files: ReadonlyMap<string, string>,
): FoundSetup {
  const has = (name: string) => rootEntries.includes(name);
  const manager = /^(npm|pnpm|yarn)@(\d+)/.exec(manifest.packageManager ?? "");
  const isBerry =
    (manager?.[1] === "yarn" && Number(manager[2]) >= 2) ||
    (manager === null && has("yarn.lock") && (has(".yarnrc.yml") || files.has(".yarnrc.yml")));
  if (!hasDependencies(manifest)) return { command: null, why: "package.json has no dependencies.", isBerry };
  if (manager?.[1] === "pnpm" || (manager === null && has("pnpm-lock.yaml"))) {
    const frozen = has("pnpm-lock.yaml") ? ["--frozen-lockfile"] : ["--no-lockfile"];
    const command = ["corepack", "pnpm", "install", ...frozen, "--ignore-scripts"];
    return { command, why: `pnpm is named by ${named(manager, "pnpm-lock.yaml")}.`, isBerry };
  }
  if (manager?.[1] === "yarn" || (manager === null && has("yarn.lock"))) {
    const flags = isBerry ? ["--immutable", "--mode=skip-build"] : ["--frozen-lockfile", "--ignore-scripts"];
    const usable = has("yarn.lock") ? flags : [...(isBerry ? [] : ["--no-lockfile"]), ...flags.slice(1)];
    const command = ["corepack", "yarn", "install", ...usable];
    return { command, why: `yarn is named by ${named(manager, "yarn.lock")}.`, isBerry };
  }
  const lock = ["package-lock.json", "npm-shrinkwrap.json"].find(has);
  if (lock !== undefined) {
    return { command: ["npm", "ci", "--ignore-scripts"], why: `npm has ${lock}.`, isBerry };
  }
  // A lock file that set-up wrote would look like a part of the change.
  const command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  return { command, why: "package.json has dependencies and no lock file.", isBerry };
}

function named(manager: RegExpExecArray | null, lockFile: string): string {
  return manager === null ? lockFile : "`packageManager`";
}

function hasDependencies(manifest: Manifest): boolean {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  const all = [dependencies, devDependencies, optionalDependencies, peerDependencies];
  return manifest.workspaces !== undefined || all.some((each) => Object.keys(each ?? {}).length > 0);
}

function findTest(
  manifest: Manifest,
  rootEntries: readonly string[],
  isBerry: boolean,
): { command: Command | null; why: string } {
  const script = manifest.scripts?.test;
  if (typeof script === "string" && script.trim() !== "" && !/no test specified/i.test(script)) {
    // npm starts any package's script, so pnpm and yarn 1 need not be fetched where there is no network.
    const starter =
      isBerry || /\byarn\b/.test(script)
        ? ["corepack", "yarn"]
        : /\bpnpm\b/.test(script)
          ? ["corepack", "pnpm"]
          : ["npm"];
    return { command: [...starter, "test"], why: "package.json has a `test` script." };
  }
  const hasFiles = rootEntries.some(
    (name) =>
      /^(?:tests?|__tests__|specs?)$/.test(name) ||
      /(?:^test-.+|[._-]test|\.spec)\.[cm]?[jt]sx?$|^test\.[cm]?[jt]s$/.test(name),
  );
  const runner = ["vitest", "jest", "mocha"].find((name) => manifest.devDependencies?.[name] !== undefined);
  if (runner !== undefined) {
    const command = ["npx", "--no-install", runner, ...(runner === "vitest" ? ["run"] : [])];
    return { command, why: `package.json has no \`test\` script, but ${runner} among its devDependencies.` };
  }
  if (hasFiles) {
    return {
      command: ["node", "--test"],
      why: "package.json has no `test` script, but there are test files.",
    };
  }
  return { command: null, why: "package.json has no `test` script, and no test files were seen." };
}
