// What one sandboxed process with network is given: a proxy of its own, its socket, and the words that lead there.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { createAllowList } from "../../core/hosts.ts";
import type { ConfinementOptions } from "../bubblewrap.ts";
import type { ConfineRequest } from "../confinement.ts";
import { certificatePaths, withoutProxies } from "../network-environment.ts";
import { relayProgram, toolHostMounts } from "../runtime-paths.ts";
import { type EgressProxy, startEgressProxy } from "./proxy.ts";
import { relayEnvironment } from "./relay.ts";

export interface Egress {
  readonly proxy: EgressProxy;
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  argv(node: string): readonly string[];
}

/** With an empty list nothing is reached, and what is asked for is told. `undefined` for a request without network. */
export async function openEgress(
  options: ConfinementOptions,
  request: Pick<ConfineRequest, "network" | "relay" | "argv">,
): Promise<Egress | undefined> {
  const { network, argv, relay } = request;
  if (network === "none") return undefined;
  const allow = createAllowList(network.hosts, options.forgeHosts);
  if (options.toolHostPath === undefined)
    throw new Error("Expected `toolHostPath` for a command with network, found none.");
  const program = relayProgram(options.toolHostPath);
  const networkEnv = withoutProxies(options.networkEnv ?? {});
  const certificates = certificatePaths(networkEnv).filter((path) => existsSync(path));
  const programs = relay === "own" ? [] : await toolHostMounts(program);
  const proxy = await startEgressProxy({
    allow,
    ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
  });
  return {
    proxy,
    readable: [dirname(proxy.socketPath), ...programs, ...certificates],
    env: { ...networkEnv, ...relayEnvironment() },
    argv: (node) =>
      relay === "own" ? [...argv, proxy.socketPath] : [node, program, proxy.socketPath, ...argv],
  };
}
