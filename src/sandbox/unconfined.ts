// Owns running without a sandbox, for machines that have none: a clean environment, a home of its own, limits where they
// exist, and everything killed at the end. It does not hide files or the network; the ledger says so.

import { randomUUID } from "node:crypto";
import { access, lstat, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandSpec, Sandbox } from "../ports.ts";
import { PRLIMIT_PATH } from "./bubblewrap.ts";
import { type Confined, type ConfineRequest, startLauncher } from "./confinement.ts";
import { commandEnvironment, PROCESS_LIMIT, plainArgv } from "./launch.ts";
import { killLeftovers, MARK_VARIABLE } from "./leftovers.ts";
import { createProcessCap } from "./process-cap.ts";
import { killGroup } from "./process-state.ts";
import { runCommand } from "./run-command.ts";
import { createThrowAwayCopy } from "./throw-away-copy.ts";
import { openToolHost, TOOL_HOST_CPU_SECONDS } from "./tool-host-client.ts";
import { noToolchains, type Toolchains } from "./toolchains.ts";

export interface UnconfinedOptions {
  readonly nodePath: string;
  readonly toolHostPath: string;
  readonly toolchains?: Toolchains;
  /** For commands with network: certificates, proxies. */
  readonly networkEnv?: Readonly<Record<string, string>>;
}

/** Only for those who allowed it. Read-only work happens on a private copy of the workspace. */
export function createUnconfinedSandbox(options: UnconfinedOptions): Sandbox {
  const confine = (request: ConfineRequest) => startUnconfined(options, request);
  return {
    kind: "none",
    run: (spec) => runUnconfined(spec, confine),
    async openToolHost({ workspace, readOnly, env = {} }) {
      await requireDirectory(workspace);
      const argv = [await realpath(options.nodePath), await realpath(options.toolHostPath)];
      const copy = readOnly ? await createThrowAwayCopy(workspace) : undefined;
      const request: ConfineRequest = {
        argv,
        workspace: copy?.path ?? workspace,
        env,
        readable: [],
        writable: [],
        readOnly,
        network: "none",
        cpuSeconds: TOOL_HOST_CPU_SECONDS,
        streams: "lines",
      };
      const start = () => confine(request);
      return openToolHost({ start, workspace: request.workspace, readOnly, ...(copy ? { copy } : {}) });
    },
  };
}

async function runUnconfined(spec: CommandSpec, confine: (request: ConfineRequest) => Promise<Confined>) {
  await requireDirectory(spec.workspace);
  if (!spec.readOnly) return runCommand(spec, confine);
  await using copy = await createThrowAwayCopy(spec.workspace);
  const argv = spec.argv.map((word) => copy.translate(word));
  return await runCommand({ ...spec, argv, workspace: copy.path }, confine);
}

async function startUnconfined(options: UnconfinedOptions, request: ConfineRequest): Promise<Confined> {
  const mark = randomUUID();
  const home = await mkdtemp(join(tmpdir(), "agent-harness-home-"));
  const node = await realpath(options.nodePath);
  const hasPrlimit = await access(PRLIMIT_PATH).then(
    () => true,
    () => false,
  );
  const cap = await createProcessCap(PROCESS_LIMIT);
  const { toolchains = noToolchains } = options;
  const networkEnv = request.network !== "none" ? (options.networkEnv ?? {}) : {};
  const argv = plainArgv({
    ...(hasPrlimit ? { prlimitPath: PRLIMIT_PATH } : {}),
    ...(cap ? { cgroupProcs: cap.procsFile } : {}),
    env: {
      ...commandEnvironment(home, [dirname(node), ...toolchains.path], {
        ...toolchains.env,
        ...networkEnv,
        ...request.env,
      }),
      [MARK_VARIABLE]: mark,
    },
    cpuSeconds: request.cpuSeconds,
    maxFileBytes: request.maxFileBytes,
    argv: request.argv,
  });
  const started = await startLauncher(argv, { cwd: request.workspace, streams: request.streams, extra: [] });
  let ending: Promise<void> | undefined;
  const end = async () => {
    if (started.child.pid !== undefined) killGroup(started.child.pid);
    await started.exited.catch(() => null);
    await killLeftovers(mark, async () => (cap ? cap.pids() : []));
    await cap?.remove();
    await rm(home, { recursive: true, force: true });
  };
  return {
    ...started,
    // Nothing is held back here.
    blocked: () => [],
    end() {
      ending ??= end();
      return ending;
    },
  };
}

async function requireDirectory(workspace: string): Promise<void> {
  const found = await lstat(workspace).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new Error(
    `Expected \`workspace\` to be a directory, found \`${workspace}\`; give the checkout's real path.`,
  );
}
