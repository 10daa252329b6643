// Owns which directories Node and the tool host need inside the sandbox, kept as narrow as they can be: a wide bind
// would show what lies beside them.

import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * The installation of a Node (npm and its headers included) where the binary lies in one, else the binary alone.
 * `nodePath` has its links resolved.
 */
export async function nodeMounts(nodePath: string): Promise<string[]> {
  if (nodePath.startsWith("/usr/")) return [];
  const prefix = dirname(dirname(nodePath));
  const isInstallation =
    basename(dirname(nodePath)) === "bin" && (await exists(join(prefix, "include", "node")));
  return [isInstallation ? prefix : nodePath];
}

/**
 * A bundle needs its own folder. The TypeScript source needs its folder, and of the package its manifest and
 * `node_modules`; not the whole package, which may hold the output of other tasks.
 */
export async function toolHostMounts(toolHostPath: string): Promise<string[]> {
  const own = dirname(toolHostPath);
  if (!toolHostPath.endsWith(".ts")) return [own];
  for (let root = own; root !== dirname(root); root = dirname(root)) {
    const manifest = join(root, "package.json");
    if (await exists(manifest)) return [own, manifest, join(root, "node_modules")];
  }
  throw new Error(
    `Expected a package.json above \`${toolHostPath}\`, found none; give the tool host of a checkout.`,
  );
}

/** The program that runs a command with a way to the proxy; it lies beside the tool host. */
export function relayProgram(toolHostPath: string): string {
  const folder = dirname(toolHostPath);
  return toolHostPath.endsWith(".ts")
    ? join(folder, "egress", "relay-command.ts")
    : join(folder, "relay-command.js");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
