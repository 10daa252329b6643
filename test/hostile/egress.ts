// Ways out through the proxy, asked for from inside the sandbox with a list of one host: everything else is refused and told.
import { createServer } from "node:http";
import { connect } from "node:net";
import { createAllowList } from "../../src/core/hosts.ts";
import { createBubblewrapSandbox } from "../../src/sandbox/bubblewrap.ts";
import { startEgressProxy } from "../../src/sandbox/egress/proxy.ts";
import { hasBwrap, sandboxOptions, type Workspace } from "../../src/sandbox/fixture.ts";
import type { Held, HostileRow } from "./rows.ts";
import { row } from "./sandbox.ts";

/** Sends one request text (as base64) to the relay and prints the first line of what comes back. */
const ask = `const socket = require("net").connect(3128, "127.0.0.1");
let text = "";
socket.on("data", (chunk) => { text += chunk; });
socket.on("close", () => console.log(text.split("\\r\\n")[0] || "closed"));
socket.on("error", (error) => console.log(error.code));
socket.end(Buffer.from(process.argv[1], "base64"));`;

const listed = "registry.example";

async function asked(workspace: Workspace, request: string): Promise<Held> {
  const sandbox = createBubblewrapSandbox({ ...sandboxOptions, forgeHosts: ["ghe.corp.example"] });
  const result = await sandbox.run({
    argv: ["node", "-e", ask, Buffer.from(request, "latin1").toString("base64")],
    workspace: workspace.path,
    timeoutMs: 30_000,
    network: { hosts: [listed, "github.com", "ghe.corp.example"] },
  });
  const line = result.output.trim();
  const isRefused = /^HTTP\/1\.1 40[03]/.test(line);
  return { held: isRefused, by: `${line}; told: ${result.blocked.join(", ") || "nothing"}` };
}

function connecting(name: string, target: string): HostileRow {
  return row(name, "refused", (workspace) =>
    asked(workspace, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
  );
}

const targets: readonly (readonly [string, string])[] = [
  ["`allowed.host@evil`", `${listed}@evil.example:443`],
  ["`allowed.host:443@evil`", `${listed}:443@evil.example:443`],
  ["a decimal IP", "2130706433:80"],
  ["a hexadecimal IP", "0x7f000001:80"],
  ["an octal IP", "0177.0.0.1:80"],
  ["a short IP", "127.1:80"],
  ["the metadata address by the proxy", "169.254.169.254:80"],
  ["loopback by the proxy", "127.0.0.1:80"],
  ["`localhost` by the proxy", "localhost:80"],
  ["an IPv6 address", "[::1]:443"],
  ["IPv4 within IPv6", "[::ffff:169.254.169.254]:80"],
  ["NUL in a host", `${listed}\0.evil.example:443`],
  ["NUL in a host, escaped", `${listed}%00.evil.example:443`],
  ["a fullwidth dot in a host", "registry\u3002example:443"],
  ["a host that begins with the listed one", `${listed}.evil.example:443`],
  ["a host below the listed one", `deep.${listed}:443`],
  ["another port of the listed host", `${listed}:22`],
  ["the forge itself", "github.com:443"],
  ["the forge's own server", "ghe.corp.example:443"],
  ["no port", listed],
  ["port 0", `${listed}:0`],
];

const plain: readonly HostileRow[] = [
  row("another host in the `Host` header's place", "refused", (workspace) =>
    asked(workspace, `GET http://evil.example/ HTTP/1.1\r\nHost: ${listed}\r\nConnection: close\r\n\r\n`),
  ),
  row("a user's name before the host", "refused", (workspace) =>
    asked(
      workspace,
      `GET http://${listed}@evil.example/ HTTP/1.1\r\nHost: ${listed}\r\nConnection: close\r\n\r\n`,
    ),
  ),
  row("another scheme", "refused", (workspace) =>
    asked(workspace, `GET file:///etc/passwd HTTP/1.1\r\nHost: ${listed}\r\nConnection: close\r\n\r\n`),
  ),
  row("two lengths in one request", "refused", (workspace) =>
    asked(
      workspace,
      `POST http://${listed}/ HTTP/1.1\r\nHost: ${listed}\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ),
  ),
];

/** A listed name that leads to this machine: a server waits there, and must not be reached. */
const rebinding = row("a listed name that leads to loopback", "refused", async () => {
  let reached = 0;
  const server = createServer((_, response) => {
    reached += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    await using proxy = await startEgressProxy({
      allow: createAllowList([`${listed}:${port}`]),
      resolve: async () => ["127.0.0.1", "::ffff:127.0.0.1", "0.0.0.0"],
    });
    const line = await new Promise<string>((resolve) => {
      const socket = connect(proxy.socketPath);
      let text = "";
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""));
      socket.write(`CONNECT ${listed}:${port} HTTP/1.1\r\nHost: ${listed}\r\n\r\n`);
    });
    return { held: reached === 0 && /^HTTP\/1\.1 403/.test(line), by: line };
  } finally {
    server.close();
  }
});

export const rows: readonly HostileRow[] = [
  ...(hasBwrap ? [...targets.map(([name, target]) => connecting(name, target)), ...plain] : []),
  rebinding,
];
