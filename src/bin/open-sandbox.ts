// The sandbox of this machine, for the composition roots. Where there is none, nothing runs, unless somebody allowed it.
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { Problem } from "../core/problem.ts";
import type { Log, Sandbox } from "../ports.ts";
import { upstreamFrom } from "../sandbox/egress/upstream.ts";
import { networkEnvironment } from "../sandbox/network-environment.ts";
import { unsafeVariable } from "../sandbox/unsafe.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `sandbox-missing` where there is none and `AGENT_HARNESS_UNSAFE_NO_SANDBOX` is not `1`; else a line says so. */
export async function openSandbox(packageRoot: string, environment: Environment, log: Log): Promise<Sandbox> {
  const opened = await findSandbox(packageRoot, environment);
  if ("sandbox" in opened) return opened.sandbox;
  if (environment[unsafeVariable] !== "1") throw new Problem("sandbox-missing", { what: opened.why });
  log.line(
    `No sandbox: ${opened.why} Going on with a clean environment only, as \`${unsafeVariable}\` allows.`,
  );
  const { createUnconfinedSandbox } = await import("../sandbox/unconfined.ts");
  return createUnconfinedSandbox(opened.options);
}

/** For what strangers wrote: nothing allows it to run unconfined. Throws `sandbox-missing`. */
export async function requireSandbox(packageRoot: string, environment: Environment): Promise<Sandbox> {
  const opened = await findSandbox(packageRoot, environment);
  if ("sandbox" in opened) return opened.sandbox;
  throw new Problem("sandbox-missing", { what: opened.why });
}

async function findSandbox(packageRoot: string, environment: Environment) {
  const [{ createBubblewrapSandbox }, { probeSandbox }, { findToolchains }] = await Promise.all([
    import("../sandbox/bubblewrap.ts"),
    import("../sandbox/probe.ts"),
    import("../sandbox/toolchains.ts"),
  ]);
  const upstream = upstreamFrom(environment);
  const options = {
    nodePath: process.execPath,
    toolHostPath: join(packageRoot, "dist", "tool-host.js"),
    networkEnv: networkEnvironment(environment),
    // A runner's jobs may have a home that is not the user's own.
    toolchains: await findToolchains(environment, [homedir(), userInfo().homedir]),
    forgeHosts: forgeHosts(environment),
    ...(upstream === undefined ? {} : { upstream }),
  };
  const probe = await probeSandbox();
  if (probe.ok) return { sandbox: createBubblewrapSandbox(options) };
  return { options, why: `${probe.reason}. To mend it: ${probe.mend}` };
}

/** Of this installation of GitHub, by the runner's own variables. */
function forgeHosts(environment: Environment): string[] {
  return [environment.GITHUB_SERVER_URL, environment.GITHUB_API_URL, environment.GITHUB_GRAPHQL_URL].flatMap(
    (address) => (address !== undefined && URL.canParse(address) ? [new URL(address).hostname] : []),
  );
}
