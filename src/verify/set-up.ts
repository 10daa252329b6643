// Makes base and head runnable: one set-up with network on base, whose dependency folders both trees share.
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Command } from "../core/frame.ts";
import { Problem } from "../core/problem.ts";
import type { CommandResult, Network, Sandbox } from "../ports.ts";
import { clientHosts } from "./client-hosts.ts";
import { copyDependencies, type DependencyFolder, findDependencies } from "./dependencies.ts";
import { listDirectory } from "./tree-hash.ts";
import type { Trees } from "./trees.ts";
import { copyTree, type PreparedTree } from "./work-copy.ts";

export interface SetUp {
  /** `null`: nothing needs to be set up. */
  readonly command: Command | null;
  /** Text of `init.sh`; run instead of `command` where given. */
  readonly initScript?: string;
  /** A checkout whose dependency folders are used for both trees, where it has any: then nothing is run. */
  readonly reuse?: string;
  /** Hosts that the configuration adds to those of the project's own package clients. */
  readonly hosts?: readonly string[];
  /** Default 15 minutes. */
  readonly timeoutMs?: number;
}

export interface PreparedTrees {
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  /** What was done, in a sentence. */
  readonly how: string;
}

const defaultTimeoutMs = 15 * 60_000;
/** Toolchains come as archives far larger than anything that a session or a check writes. */
export const setUpFileBytes = 2 * 1024 ** 3;

/** Caches lie outside the trees, so that a later run without network finds what set-up fetched. */
function cacheEnv(caches: string): Record<string, string> {
  return {
    npm_config_cache: join(caches, "npm"),
    YARN_CACHE_FOLDER: join(caches, "yarn"),
    npm_config_store_dir: join(caches, "pnpm"),
    PIP_CACHE_DIR: join(caches, "pip"),
    GOMODCACHE: join(caches, "go"),
    GOFLAGS: "-modcacherw",
    CARGO_HOME: join(caches, "cargo"),
  };
}

function offlineEnv(caches: string, dependencies: readonly DependencyFolder[]): Record<string, string> {
  const venv = dependencies.find(({ path }) => path === ".venv" || path === "venv");
  return {
    ...cacheEnv(caches),
    npm_config_prefer_offline: "true",
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
    GOPROXY: "off",
    CARGO_NET_OFFLINE: "true",
    ...(venv ? { VIRTUAL_ENV: venv.from } : {}),
  };
}

interface SetUpRun {
  readonly sandbox: Sandbox;
  readonly setUp: SetUp;
  readonly directory: string;
  readonly caches: string;
  readonly network: Network;
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function argvOf(setUp: SetUp): readonly string[] {
  if (setUp.initScript !== undefined) return ["/bin/sh", "-c", setUp.initScript];
  if (setUp.command === null) return ["/bin/true"];
  return typeof setUp.command === "string" ? ["/bin/sh", "-c", setUp.command] : setUp.command;
}

function runSetUp(run: SetUpRun): Promise<CommandResult> {
  return run.sandbox.run({
    argv: argvOf(run.setUp),
    workspace: run.directory,
    env: run.env,
    timeoutMs: run.setUp.timeoutMs ?? defaultTimeoutMs,
    maxFileBytes: setUpFileBytes,
    readable: run.readable,
    writable: [run.caches],
    network: run.network,
  });
}

function described(setUp: SetUp): string {
  if (setUp.initScript !== undefined) return "init.sh";
  return typeof setUp.command === "string" ? setUp.command : (setUp.command ?? []).join(" ");
}

function blockedHost(host: string): string {
  return `It asked for ${host}, which is not on the list of hosts for set-up; \`network.setup\` in \`.github/agent-harness.yml\` adds to it.`;
}

function failed(setUp: SetUp, result: CommandResult): Problem {
  const status = result.timedOut
    ? "no end in the time allowed"
    : `status ${result.exitCode ?? "of a signal"}`;
  return new Problem("setup-failed", {
    command: described(setUp),
    status,
    output: [result.output.trim().slice(-2000), ...result.blocked.map(blockedHost)].join("\n"),
  });
}

/** Lock files and caches that set-up writes say nothing about a build. */
const noBuild =
  /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock|Cargo\.lock|go\.sum)$|(?:^|\/)(?:__pycache__|[^/]+\.egg-info)\//;

/** Files that set-up left in the tree itself, outside dependency folders: build output, mostly. */
async function hasLeftovers(directory: string, tracked: Trees["base"], folders: readonly DependencyFolder[]) {
  const now = await listDirectory(directory, undefined, new Set(folders.map(({ path }) => path)));
  return [...now].some(([path, file]) => !noBuild.test(path) && tracked.listing.get(path)?.sha !== file.sha);
}

async function sharedFrom(trees: Trees, reuse: string): Promise<PreparedTrees | undefined> {
  const dependencies = await findDependencies(reuse, trees.base.directory);
  if (dependencies.length === 0) return undefined;
  const readable = dependencies.map(({ from }) => from);
  const venv = dependencies.find(({ path }) => path === ".venv" || path === "venv");
  const env = venv ? { VIRTUAL_ENV: venv.from } : {};
  const prepared = { dependencies, readable, env };
  return {
    base: { directory: trees.base.directory, ...prepared },
    head: { directory: trees.head.directory, ...prepared },
    how: `uses ${dependencies.map(({ path }) => path).join(", ")} of ${basename(reuse)}`,
  };
}

/**
 * Head shares what base's manifests brought. Code of the change never runs with network: where set-up also builds,
 * head's own build runs from the caches alone, and a failure there is for the gates to show.
 */
async function prepareHead(
  trees: Trees,
  shared: PreparedTree,
  run: Omit<SetUpRun, "directory" | "network">,
  built: boolean,
) {
  if (trees.head.tree === trees.base.tree) return shared;
  if (!built) return { ...shared, directory: trees.head.directory };
  const directory = join(run.caches, "..", "set-up-head");
  await copyTree(trees.head.directory, directory, new Set());
  await copyDependencies(shared.dependencies, directory);
  await runSetUp({ ...run, directory, network: "none", readable: shared.readable, env: shared.env });
  return { ...shared, directory };
}

/** `directory` is the caller's to remove. Throws `setup-failed` when set-up fails on base. */
export async function prepareTrees(request: {
  readonly trees: Trees;
  readonly setUp: SetUp;
  readonly sandbox: Sandbox;
  readonly directory: string;
}): Promise<PreparedTrees> {
  const { trees, setUp, sandbox } = request;
  const plain = (directory: string): PreparedTree => ({ directory, dependencies: [], readable: [], env: {} });
  const reused = setUp.reuse === undefined ? undefined : await sharedFrom(trees, setUp.reuse);
  if (reused) return reused;
  if (setUp.command === null && setUp.initScript === undefined)
    return { base: plain(trees.base.directory), head: plain(trees.head.directory), how: "nothing to set up" };
  const directory = join(request.directory, "set-up-base");
  const caches = join(request.directory, "caches");
  await mkdir(caches, { recursive: true });
  await copyTree(trees.base.directory, directory, new Set());
  const run = { sandbox, setUp, caches, readable: [], env: cacheEnv(caches) };
  const hosts = [...(await clientHosts(sandbox, directory)), ...(setUp.hosts ?? [])];
  const result = await runSetUp({ ...run, directory, network: { hosts } });
  if (result.exitCode !== 0) throw failed(setUp, result);
  const dependencies = await findDependencies(directory, trees.base.directory);
  const isBuilt = await hasLeftovers(directory, trees.base, dependencies);
  const base: PreparedTree = {
    directory: isBuilt ? directory : trees.base.directory,
    dependencies,
    readable: [...dependencies.map(({ from }) => from), caches],
    env: offlineEnv(caches, dependencies),
  };
  const head = await prepareHead(trees, base, run, isBuilt);
  return { base, head, how: `ran \`${described(setUp)}\` on base` };
}
