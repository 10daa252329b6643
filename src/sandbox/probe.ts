// Owns the question whether the sandbox works on this machine: runs the real flags once and, where they fail, says what
// is missing and the command that mends it.

import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_BWRAP_PATH, PRLIMIT_PATH, startSandboxed } from "./bubblewrap.ts";
import { runCommand } from "./run-command.ts";

export type Probe =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly mend: string };

/** What the failure is told from. */
export interface ProbeFacts {
  readonly bwrapPath: string;
  readonly output: string;
  /** Kernel settings by name, as far as they can be read. */
  readonly settings: Readonly<Record<string, string | undefined>>;
}

const PROBE_TIMEOUT_MS = 20_000;
const APPARMOR = "kernel/apparmor_restrict_unprivileged_userns";
const CLONE = "kernel/unprivileged_userns_clone";
const MAX_USER_NAMESPACES = "user/max_user_namespaces";

/** Never throws. Anything but `ok: true` means that no command can be confined here. */
export async function probeSandbox(options: { bwrapPath?: string } = {}): Promise<Probe> {
  const bwrapPath = options.bwrapPath ?? DEFAULT_BWRAP_PATH;
  if (process.platform !== "linux") {
    return {
      ok: false,
      reason: "bwrap needs Linux",
      mend: "run on Linux, or allow running without a sandbox",
    };
  }
  for (const [path, name] of [
    [bwrapPath, "bubblewrap"],
    [PRLIMIT_PATH, "util-linux"],
    ["/bin/bash", "bash"],
  ] as const) {
    if (await canRead(path)) continue;
    return {
      ok: false,
      reason: `${path} is missing`,
      mend: `sudo apt-get update && sudo apt-get install --yes ${name}`,
    };
  }
  const workspace = await mkdtemp(join(tmpdir(), "agent-harness-probe-"));
  try {
    const confine = startSandboxed({ bwrapPath, nodePath: process.execPath });
    const spec = { argv: ["/bin/bash", "-c", "echo works"], workspace, timeoutMs: PROBE_TIMEOUT_MS };
    const result = await runCommand(spec, confine);
    if (result.exitCode === 0 && result.output.trim() === "works") return { ok: true };
    return explainFailure({ bwrapPath, output: result.output, settings: await kernelSettings() });
  } catch (error) {
    return explainFailure({ bwrapPath, output: String(error), settings: await kernelSettings() });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Each row: the kernel's setting or bwrap's words, and what mends it. The first that fits is told. */
export function explainFailure({ bwrapPath, output, settings }: ProbeFacts): Probe & { ok: false } {
  const said = output.trim() || "no message";
  const problem = (reason: string, mend: string) => ({
    ok: false as const,
    reason: `${reason} (${said})`,
    mend,
  });
  if (/unknown option/i.test(said)) {
    return problem(
      "bwrap is older than 0.8.0",
      "sudo apt-get update && sudo apt-get install --yes bubblewrap",
    );
  }
  if (settings[MAX_USER_NAMESPACES] === "0") {
    return problem("the kernel allows no user namespaces", "sudo sysctl -w user.max_user_namespaces=10000");
  }
  if (settings[CLONE] === "0") {
    return problem(
      "the kernel keeps user namespaces to root",
      "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    );
  }
  const isPermission = /permission denied|operation not permitted|no permissions/i.test(said);
  if (isPermission && settings[APPARMOR] === "1") {
    return problem("AppArmor keeps user namespaces from bwrap", apparmorCommand(bwrapPath));
  }
  if (isPermission) {
    return problem(
      "this container may not make namespaces or mount /proc",
      "start the container with: docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined",
    );
  }
  return problem(
    "bwrap failed",
    `run it by hand and read its message: ${bwrapPath} --unshare-user --ro-bind / / true`,
  );
}

/** One line, to be pasted: a profile that lets this one program make user namespaces. */
function apparmorCommand(bwrapPath: string): string {
  const profile = `abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap ${bwrapPath} flags=(unconfined) {\\n  userns,\\n}\\n`;
  return `printf '${profile}' | sudo tee /etc/apparmor.d/bwrap >/dev/null && sudo apparmor_parser -r /etc/apparmor.d/bwrap`;
}

async function kernelSettings(): Promise<Record<string, string | undefined>> {
  const names = [APPARMOR, CLONE, MAX_USER_NAMESPACES];
  const values = await Promise.all(
    names.map((name) => readFile(`/proc/sys/${name}`, "utf8").catch(() => undefined)),
  );
  return Object.fromEntries(names.map((name, at) => [name, values[at]?.trim()]));
}

async function canRead(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
