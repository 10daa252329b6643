// Owns confinement by bwrap: gathers what this machine has, starts the launcher, and ends the whole pid namespace.
// The flags are launch.ts's.

import type { ChildProcess } from "node:child_process";
import { lstat, readlink, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import type { Sandbox } from "../ports.ts";
import { type Confine, type Confined, type ConfineRequest, startLauncher } from "./confinement.ts";
import { openEgress } from "./egress/open-egress.ts";
import type { Upstream } from "./egress/upstream.ts";
import {
  AGENT_HOME,
  bubblewrapArgv,
  commandEnvironment,
  type Mount,
  PROCESS_LIMIT,
  type SystemDirectory,
} from "./launch.ts";
import { createProcessCap } from "./process-cap.ts";
import { isProcessGone, killGroup, processStart, waitUntil } from "./process-state.ts";
import { runCommand } from "./run-command.ts";
import { nodeMounts, toolHostMounts } from "./runtime-paths.ts";
import { openToolHost, TOOL_HOST_CPU_SECONDS } from "./tool-host-client.ts";
import { noToolchains, type Toolchains } from "./toolchains.ts";
import { guardWorkspace, mountSource } from "./workspace-guard.ts";

export interface BubblewrapOptions {
  /** The Node that runs the tool host; also first on the commands' `PATH`. */
  readonly nodePath: string;
  readonly toolHostPath: string;
  /** Default `/usr/bin/bwrap`. */
  readonly bwrapPath?: string;
  /** For commands with network: certificates, mirrors. */
  readonly networkEnv?: Readonly<Record<string, string>>;
  /** Toolchains outside the system's directories. */
  readonly toolchains?: Toolchains;
  /** Hosts of the forge's own server, which no list may open. */
  readonly forgeHosts?: readonly string[];
  /** The proxy through which this machine itself reaches the network. */
  readonly upstream?: Upstream;
}

/** Without the tool host, nothing can have network. */
export type ConfinementOptions = Omit<BubblewrapOptions, "toolHostPath"> &
  Partial<Pick<BubblewrapOptions, "toolHostPath">>;

export const DEFAULT_BWRAP_PATH = "/usr/bin/bwrap";
export const PRLIMIT_PATH = "/usr/bin/prlimit";

const BEGIN_MS = 2_000;
const SYSTEM_PATHS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/** Needs `probeSandbox` to have said yes: where bwrap does not work, every command fails. */
export function createBubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  const confine = startSandboxed(options);
  return {
    kind: "bubblewrap",
    run: (spec) => runCommand(spec, confine),
    async openToolHost(spec) {
      const node = await realpath(options.nodePath);
      const program = await realpath(options.toolHostPath);
      const readable = [...(spec.readable ?? []), ...(await toolHostMounts(program))];
      const request: ConfineRequest = {
        argv: [node, program],
        workspace: spec.workspace,
        env: spec.env ?? {},
        readable,
        writable: [],
        readOnly: spec.readOnly,
        network: spec.network ?? "none",
        relay: "own",
        cpuSeconds: TOOL_HOST_CPU_SECONDS,
        streams: "lines",
      };
      return openToolHost({
        start: () => confine(request),
        workspace: spec.workspace,
        readOnly: spec.readOnly,
      });
    },
  };
}

/** The top directories that exist here, links kept as links. */
export async function systemDirectories(): Promise<SystemDirectory[]> {
  const found: SystemDirectory[] = [];
  for (const path of SYSTEM_PATHS) {
    const stat = await lstat(path).catch(() => undefined);
    if (stat?.isSymbolicLink()) found.push({ path, linkTo: await readlink(path) });
    else if (stat?.isDirectory()) found.push({ path });
  }
  return found;
}

/** How a process is started under bwrap; without network it needs no tool host. */
export function startSandboxed(options: ConfinementOptions): Confine {
  return (request) => confineWithBubblewrap(options, request);
}

async function confineWithBubblewrap(
  options: ConfinementOptions,
  request: ConfineRequest,
): Promise<Confined> {
  await using setUp = new AsyncDisposableStack();
  const guard = await guardWorkspace(request.workspace, request.readOnly);
  setUp.defer(() => guard.release());
  const node = await realpath(options.nodePath);
  const egress = await openEgress(options, request);
  if (egress) setUp.use(egress.proxy);
  const { toolchains = noToolchains } = options;
  const tools = [...(await nodeMounts(node)), ...toolchains.readable];
  const mounts = await mountsFor(request, [...tools, ...(egress?.readable ?? [])]);
  const system = await systemDirectories();
  const cap = await createProcessCap(PROCESS_LIMIT);
  if (cap) setUp.defer(() => cap.remove());
  const argv = bubblewrapArgv({
    bwrapPath: options.bwrapPath ?? DEFAULT_BWRAP_PATH,
    prlimitPath: PRLIMIT_PATH,
    system,
    mounts,
    guarded: guard.paths,
    workspace: request.workspace,
    env: commandEnvironment(AGENT_HOME, [dirname(node), ...toolchains.path], {
      ...toolchains.env,
      ...egress?.env,
      ...request.env,
    }),
    cpuSeconds: request.cpuSeconds,
    maxFileBytes: request.maxFileBytes,
    argv: egress ? egress.argv(node) : request.argv,
    ...(cap ? { cgroupProcs: cap.procsFile } : {}),
  });
  const cleanUp = setUp.move();
  try {
    const started = await startAndWatch(argv, request.streams, cleanUp);
    return { ...started, blocked: () => egress?.proxy.blocked() ?? [] };
  } catch (error) {
    await cleanUp.disposeAsync();
    throw error;
  }
}

async function mountsFor(request: ConfineRequest, nodePaths: readonly string[]): Promise<Mount[]> {
  const { workspace } = request;
  const read = [...nodePaths, ...request.readable].map((path) => ({ path, access: "read" as const }));
  const write = request.writable.map((path) => ({ path, access: "write" as const }));
  const extra = await Promise.all(
    [...read, ...write].map(async (mount) => ({
      ...mount,
      source: await mountSource(mount.path, workspace),
    })),
  );
  return [{ path: workspace, access: request.readOnly ? "read" : "write" }, ...extra];
}

async function startAndWatch(
  argv: readonly string[],
  streams: ConfineRequest["streams"],
  cleanUp: AsyncDisposableStack,
): Promise<Omit<Confined, "blocked">> {
  const started = await startLauncher(argv, { cwd: "/", streams, extra: ["pipe"] });
  const first = firstProcess(started.child);
  let ending: Promise<void> | undefined;
  return {
    ...started,
    end() {
      ending ??= endNamespace(started, first).finally(() => cleanUp.disposeAsync());
      return ending;
    },
  };
}

interface FirstProcess {
  readonly pid: number;
  /** Tells it from a later process with the same id. */
  readonly start: string | undefined;
}

/** The sandbox's first process; `undefined` where bwrap ended before it made one. */
async function firstProcess(child: ChildProcess): Promise<FirstProcess | undefined> {
  const info = child.stdio[3];
  if (!info || !("on" in info)) return undefined;
  let text = "";
  return new Promise((resolve) => {
    info.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const pid = Number(/"child-pid":\s*(\d+)/.exec(text)?.[1]);
      if (Number.isInteger(pid)) resolve({ pid, start: processStart(pid) });
    });
    info.on("error", () => resolve(undefined));
    info.on("close", () => resolve(undefined));
  });
}

/** When the first process of a pid namespace is gone, the kernel has killed and reaped all others. */
async function endNamespace(
  { child, exited }: Pick<Confined, "child" | "exited">,
  first: Promise<FirstProcess | undefined>,
): Promise<void> {
  if (child.pid === undefined) return;
  const over = exited.catch(() => null);
  // Killed before its child has asked to die with it, bwrap would leave that child behind: wait until it has begun.
  await Promise.race([first, over, new Promise((resolve) => setTimeout(resolve, BEGIN_MS).unref())]);
  killGroup(child.pid);
  await over;
  const namespace = await first;
  if (namespace === undefined) return;
  await waitUntil(
    () => isProcessGone(namespace.pid, namespace.start),
    `the sandbox's process ${namespace.pid} to end`,
  );
}
