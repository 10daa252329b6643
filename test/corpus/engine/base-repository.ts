// The base repositories of the corpus: each a small project with a request, an honest fix and checks, as committed files.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import * as z from "zod";
import type { CheckSet } from "../../../src/core/checks.ts";
import { type Config, requireConfig } from "../../../src/core/config.ts";
import type { Frame } from "../../../src/core/frame.ts";
import { generateFrame } from "../../../src/frames/generate.ts";
import { readChecksFolder } from "../../../src/local/verify/checks-folder.ts";
import { makeRepository, type Repository } from "../../../src/verify/fixture.ts";
import { readRepositoryAt } from "../../../src/verify/repository-at.ts";

const execute = promisify(execFile);

const baseSchema = z.strictObject({
  language: z.string(),
  runner: z.string(),
  request: z.strictObject({ title: z.string(), body: z.string() }),
  /** Text of `.github/agent-harness.yml`. */
  config: z.string().default(""),
  /** Files of the fix by the item that they belong to, where there are several: a session works on one. */
  files: z.record(z.string(), z.array(z.string())).default({}),
  /** A program that the sandbox must find, with arguments that end it at once. */
  needs: z.array(z.string()).min(1).optional(),
});
type BaseFile = z.output<typeof baseSchema>;

export interface Base extends BaseFile {
  readonly name: string;
  /** Texts by path. */
  readonly tree: Readonly<Record<string, string>>;
  readonly fix: Readonly<Record<string, string>>;
  readonly checks: CheckSet;
  /** A folder with the dependencies of its manifest; absent where it has none. */
  readonly dependencies: string | undefined;
}

const folder = join(import.meta.dirname, "..", "bases");
const cache = join(import.meta.dirname, "../../../node_modules/.cache/agent-harness-corpus");

function readTexts(top: string): Record<string, string> {
  if (!existsSync(top)) return {};
  const files = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [relative(top, path), readFileSync(path, "utf8")]).sort());
}

/** Throws an `Error` that names the file, and where dependencies cannot be installed. */
export async function readBase(name: string): Promise<Base> {
  const top = join(folder, name);
  const parsed = baseSchema.safeParse(parse(readFileSync(join(top, "base.yaml"), "utf8")));
  if (!parsed.success) throw new Error(`Expected a base in bases/${name}:\n${z.prettifyError(parsed.error)}`);
  const tree = readTexts(join(top, "tree"));
  return {
    name,
    ...parsed.data,
    tree,
    fix: readTexts(join(top, "fix")),
    checks: await readChecksFolder(join(top, "checks")),
    dependencies: await installDependencies(join(top, "tree")),
  };
}

/** Once for each manifest, kept from run to run. */
async function installDependencies(tree: string): Promise<string | undefined> {
  const path = join(tree, "package.json");
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const { devDependencies = {} }: { devDependencies?: object } = JSON.parse(text);
  if (Object.keys(devDependencies).length === 0) return undefined;
  const installed = join(cache, createHash("sha256").update(text).digest("hex").slice(0, 16));
  if (existsSync(installed)) return installed;
  const unfinished = `${installed}-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  cpSync(path, join(unfinished, "package.json"));
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  await execute("npm", ["install", ...options], { cwd: unfinished });
  if (existsSync(installed)) rmSync(unfinished, { recursive: true, force: true });
  else renameSync(unfinished, installed);
  return installed;
}

export interface BaseRepository extends AsyncDisposable {
  readonly repository: Repository;
  readonly base: string;
  readonly frame: Frame;
  readonly config: Config;
}

/** A repository of its own with the base as its only commit, and the frame that the App would make of the request. */
export async function openBase(from: Base, request: Base["request"]): Promise<BaseRepository> {
  const repository = await makeRepository(from.tree);
  const base = await repository.git("rev-parse", "HEAD");
  const { facts } = await readRepositoryAt(repository.directory, base);
  const config = requireConfig(from.config);
  const frame = generateFrame({ task: 1, request, labels: [], base, repository: facts, config });
  return {
    repository,
    base,
    frame: { ...frame, setup: null },
    config,
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  };
}
