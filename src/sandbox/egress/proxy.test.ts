// The proxy as a program in the sandbox meets it: over its socket, with a real server behind it.
import { createServer, type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createAllowList } from "../../core/hosts.ts";
import { isReachableAddress } from "./addresses.ts";
import { type EgressProxy, startEgressProxy } from "./proxy.ts";
import { openThrough, upstreamFrom } from "./upstream.ts";

async function startTarget() {
  const server = createServer((incoming, response) => response.end(`reached as ${incoming.headers.host}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { port, [Symbol.dispose]: () => void server.close() };
}

/** The network's own proxy: it leads everything to one place. */
async function startUpstream(answer: (incoming: IncomingMessage, client: Socket) => void) {
  const server = createServer().on("connect", answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { port, [Symbol.dispose]: () => void server.close() };
}

function lead(client: Socket, port: number): void {
  client.write("HTTP/1.1 200 OK\r\n\r\n");
  const out = connect(port, "127.0.0.1");
  out.pipe(client).pipe(out);
}

/** The first line of the answer to one request line, and what follows the headers. */
async function ask(proxy: EgressProxy, text: string, then = ""): Promise<string> {
  const socket: Socket = connect(proxy.socketPath);
  let answer = "";
  let left = then;
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
    if (left === "" || !answer.includes("\r\n\r\n")) return;
    socket.write(left);
    left = "";
  });
  socket.write(text);
  await new Promise((resolve) => socket.on("close", resolve).on("error", resolve));
  return answer;
}

const connectTo = (target: string) => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`;
const get = "GET / HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n\r\n";

test.each([
  "127.0.0.1:80",
  "169.254.169.254:80",
  "2130706433:80",
  "0x7f.1:80",
  "localhost:80",
  "registry.example@evil.example:443",
  "registry.example:443@evil.example:443",
  "registry.example.evil.example:443",
  "sub.registry.example:443",
  "registry.example:22",
  "github.com:443",
  "[::1]:443",
  "registry.example",
])("%s is refused, and told", async (target) => {
  await using proxy = await startEgressProxy({ allow: createAllowList(["registry.example", "github.com"]) });
  expect(await ask(proxy, connectTo(target))).toMatch(/^HTTP\/1\.1 (403|400)/);
  expect(proxy.blocked()).toEqual([target]);
});

test.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "0.0.0.0", "fd00:ec2::254", "words"])(
  "a permitted name that leads to %s is refused",
  async (address) => {
    expect(isReachableAddress(address)).toBe(false);
    await using proxy = await startEgressProxy({
      allow: createAllowList(["registry.example"]),
      resolve: async () => [address],
    });
    expect(await ask(proxy, connectTo("registry.example:443"))).toMatch(/^HTTP\/1\.1 403/);
    expect(proxy.blocked()).toEqual(["registry.example:443"]);
  },
);

test("a permitted host is tunnelled to through the network's own proxy, whose password stays outside", async () => {
  using target = await startTarget();
  const seen: (string | undefined)[] = [];
  using upstream = await startUpstream((incoming, client) => {
    seen.push(incoming.url, incoming.headers["proxy-authorization"]);
    lead(client, target.port);
  });
  const from = upstreamFrom({ HTTPS_PROXY: `http://me:pass@127.0.0.1:${upstream.port}` });
  if (from === undefined) throw new Error("expected a proxy");
  await using proxy = await startEgressProxy({
    allow: createAllowList(["registry.example"]),
    upstream: from,
  });
  expect(await ask(proxy, connectTo("registry.example:443"), get)).toContain("reached as inner");
  expect(await ask(proxy, connectTo("other.example:443"), get)).toMatch(/^HTTP\/1\.1 403/);
  expect(seen).toEqual(["registry.example:443", `Basic ${Buffer.from("me:pass").toString("base64")}`]);
  expect(proxy.blocked()).toEqual(["other.example:443"]);
});

test("plain HTTP is passed on to the host of the request line, whatever its Host header says", async () => {
  using target = await startTarget();
  using upstream = await startUpstream((_, client) => lead(client, target.port));
  await using proxy = await startEgressProxy({
    allow: createAllowList(["registry.example"]),
    upstream: { host: "127.0.0.1", port: upstream.port },
  });
  const plain = (url: string, host: string) =>
    `GET ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const passed = await ask(proxy, plain("http://registry.example/a", "evil.example"));
  expect(passed).toContain("reached as registry.example");
  for (const url of [
    "http://evil.example/",
    "http://me@registry.example/",
    "/relative",
    "ftp://registry.example/",
  ])
    expect(await ask(proxy, plain(url, "registry.example"))).toMatch(/^HTTP\/1\.1 403/);
  expect(proxy.blocked()).toHaveLength(4);
});

test("nothing is left open when it ends", async () => {
  const proxy = await startEgressProxy({ allow: createAllowList([]) });
  const socket = connect(proxy.socketPath);
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await proxy[Symbol.asyncDispose]();
  await closed;
  const late = request({ socketPath: proxy.socketPath });
  await expect(new Promise((_, reject) => late.on("error", reject).end())).rejects.toThrow("ENOENT");
});

test("a proxy that answers with a refusal is told, one that is no proxy is none", async () => {
  using upstream = await startUpstream((_, client) => void client.end("HTTP/1.1 407 No\r\n\r\n"));
  const asked = { host: "registry.example", port: 443 };
  expect(await openThrough({ host: "127.0.0.1", port: upstream.port }, asked, 5_000)).toContain("407");
  expect(upstreamFrom({ HTTPS_PROXY: "socks5://127.0.0.1:1" })).toBeUndefined();
  expect(upstreamFrom({})).toBeUndefined();
});
