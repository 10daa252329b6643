// The sandbox of this machine, for the composition roots.
import { join } from "node:path";
import type { Log, Sandbox } from "../ports.ts";
import { networkEnvironment } from "../sandbox/network-environment.ts";

/** Where bubblewrap does not work, a clean environment only, and a line that says so. */
export async function openSandbox(
  packageRoot: string,
  environment: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<Sandbox> {
  const [{ createBubblewrapSandbox }, { probeSandbox }, { createUnconfinedSandbox }] = await Promise.all([
    import("../sandbox/bubblewrap.ts"),
    import("../sandbox/probe.ts"),
    import("../sandbox/unconfined.ts"),
  ]);
  const options = {
    nodePath: process.execPath,
    toolHostPath: join(packageRoot, "dist", "tool-host.js"),
    networkEnv: networkEnvironment(environment),
  };
  const probe = await probeSandbox();
  if (probe.ok) return createBubblewrapSandbox(options);
  log.line(`No sandbox: ${probe.reason} ${probe.mend} Going on with a clean environment only.`);
  return createUnconfinedSandbox(options);
}
