// Which hosts a set-up needs: asked of the project's own package clients, in the sandbox and without network, and read
// from base's lock files. No host is written here.
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isForgeHost, isHostName } from "../core/hosts.ts";
import type { Sandbox } from "../ports.ts";

interface Client {
  /** One of these in the tree means that the client may be used. */
  readonly manifests: readonly string[];
  /** Prints addresses among other words; where it fails, the client is not there. */
  readonly ask: readonly string[];
}

const pipHosts = `
import os
from pip._internal.models.index import PyPI
print(os.environ.get("PIP_INDEX_URL") or PyPI.simple_url)
print("https://" + PyPI.file_storage_domain + "/")
`;

const clients: readonly Client[] = [
  {
    manifests: ["package.json"],
    // Scoped registries and mirrors among its settings; certificates and keys are not shown by `list`.
    ask: ["npm", "config", "list", "--json"],
  },
  {
    manifests: ["pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile"],
    ask: ["/bin/sh", "-c", 'python3 -c "$0"; python3 -m pip config list', pipHosts],
  },
  { manifests: ["go.mod"], ask: ["/bin/sh", "-c", "go env GOPROXY; echo https://$(go env GOSUMDB)"] },
];

const lockFiles = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  ".npmrc",
  ".yarnrc.yml",
];
const maxLockBytes = 20_000_000;
const askTimeoutMs = 30_000;

/** Hosts of the addresses in a text, the forge's own left out. */
export function hostsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [address] of text.matchAll(/https?:\/\/[^\s"'<>,;|)\]}]+/g)) {
    if (!URL.canParse(address)) continue;
    const { hostname, port } = new URL(address);
    if (isHostName(hostname) && !isForgeHost(hostname))
      found.add(port === "" ? hostname : `${hostname}:${port}`);
  }
  return [...found].sort();
}

/** Of npm's settings, those that name a registry: the others name proxies and pages. */
function npmRegistries(json: string): string {
  try {
    const settings: Record<string, unknown> = JSON.parse(json);
    return Object.entries(settings)
      .filter(([name]) => name === "registry" || name.endsWith(":registry"))
      .map(([, value]) => String(value))
      .join("\n");
  } catch {
    return "";
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function askClient(sandbox: Sandbox, tree: string, { manifests, ask }: Client): Promise<string> {
  const isUsed = (await Promise.all(manifests.map((name) => exists(join(tree, name))))).includes(true);
  if (!isUsed) return "";
  const { output } = await sandbox.run({
    argv: ask,
    workspace: tree,
    readOnly: true,
    timeoutMs: askTimeoutMs,
    // Nothing is reached; but the machine's own mirrors are told.
    network: { hosts: [] },
  });
  return ask[0] === "npm" ? npmRegistries(output.slice(output.indexOf("{"))) : output;
}

/** `tree`: base's. Sorted; a client that is not installed adds nothing. */
export async function clientHosts(sandbox: Sandbox, tree: string): Promise<string[]> {
  const texts = await Promise.all([
    ...clients.map((client) => askClient(sandbox, tree, client)),
    ...lockFiles.map((name) =>
      readFile(join(tree, name), "utf8").then(
        (text) => text.slice(0, maxLockBytes),
        () => "",
      ),
    ),
  ]);
  return hostsIn(texts.join("\n"));
}
