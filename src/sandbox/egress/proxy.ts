// The only way out of the sandbox: an HTTP proxy on a Unix socket, outside of it, that holds the allow-list. It tunnels
// `CONNECT` and passes plain HTTP on; it never looks into what is tunnelled.
import { lookup } from "node:dns/promises";
import { mkdtemp, rm } from "node:fs/promises";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AllowList, HostPort } from "../../core/hosts.ts";
import { isReachableAddress } from "./addresses.ts";
import { openThrough, type Upstream } from "./upstream.ts";

export interface EgressOptions {
  readonly allow: AllowList;
  /** The proxy through which this machine itself reaches the network. */
  readonly upstream?: Upstream;
  /** For tests: where a permitted name leads. Default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface EgressProxy extends AsyncDisposable {
  /** A folder with nothing in it but the socket, to be bound into the sandbox. */
  readonly folder: string;
  readonly socketPath: string;
  /** `host:port` of what was refused, each once, in order; at most 50, each at most 200 characters. */
  blocked(): readonly string[];
}

const MAX_BLOCKED = 50;
const MAX_SHOWN = 200;
const MAX_CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 30_000;

interface Desk {
  readonly options: EgressOptions;
  readonly blocked: Set<string>;
  readonly sockets: Set<Socket>;
}

/** Listens until it is disposed; then every connection is cut. */
export async function startEgressProxy(options: EgressOptions): Promise<EgressProxy> {
  const folder = await mkdtemp(join(tmpdir(), "agent-harness-egress-"));
  const socketPath = join(folder, "egress.sock");
  const desk: Desk = { options, blocked: new Set(), sockets: new Set() };
  const server = createServer({ maxHeaderSize: 32 * 1024 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connection", (socket) => track(desk, socket));
  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    void tunnel(desk, request, socket, head).catch(() => socket.destroy());
  });
  server.on("request", (request, response) => {
    void pass(desk, request, response).catch(() => response.destroy());
  });
  await listen(server, socketPath);
  return {
    folder,
    socketPath,
    blocked: () => [...desk.blocked],
    async [Symbol.asyncDispose]() {
      for (const socket of desk.sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

function track({ sockets }: Desk, socket: Socket): void {
  sockets.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => sockets.delete(socket));
}

/** What is asked for, or `undefined` where it cannot be read in exactly one way. */
function askedFor(text: string): HostPort | undefined {
  const match = /^([^:/@\s\\]+):([1-9]\d{0,4})$/.exec(text);
  return match?.[1] === undefined ? undefined : { host: match[1], port: Number(match[2]) };
}

function refuse(desk: Desk, asked: string): string {
  const shown = asked.replace(/[^\x21-\x7e]/g, "?").slice(0, MAX_SHOWN);
  if (desk.blocked.size < MAX_BLOCKED) desk.blocked.add(shown);
  return `agent-harness: ${shown} is not on the allow-list of this sandbox.\n`;
}

/** A connection to a permitted host; the words of the refusal otherwise. */
async function open(desk: Desk, text: string): Promise<Socket | string> {
  const asked = askedFor(text);
  const { allow, upstream, resolve = resolveAll } = desk.options;
  if (!asked || !allow.permits(asked)) return refuse(desk, text);
  if (upstream) return openThrough(upstream, asked, CONNECT_TIMEOUT_MS);
  // Resolved once and connected to by address: a name that changes its mind in between gains nothing.
  const addresses = (await resolve(asked.host)).filter(isReachableAddress);
  const [address] = addresses;
  if (address === undefined) return refuse(desk, text);
  return connectTo(address, asked.port);
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, family: isIP(host) });
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error(`no answer from ${host}:${port}`)));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

async function tunnel(desk: Desk, request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
  const opened = await open(desk, request.url ?? "").catch((error: unknown) => String(error));
  if (typeof opened === "string") {
    client.end(
      `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(opened)}\r\nConnection: close\r\n\r\n${opened}`,
    );
    return;
  }
  track(desk, opened);
  client.write("HTTP/1.1 200 Connection established\r\n\r\n");
  if (head.length > 0) opened.write(head);
  opened.on("close", () => client.destroy());
  client.on("close", () => opened.destroy());
  client.pipe(opened).pipe(client);
}

/** Plain HTTP in absolute form; the target is read from the request line alone, never from the `Host` header. */
async function pass(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : undefined;
  const isPlain = url?.protocol === "http:" && url.username === "" && url.password === "";
  const target = isPlain ? `${url.hostname}:${url.port || 80}` : (request.url ?? "");
  const opened = isPlain
    ? await open(desk, target).catch((error: unknown) => String(error))
    : refuse(desk, target);
  if (typeof opened === "string" || !url) {
    response.writeHead(403, { "content-type": "text/plain", connection: "close" }).end(opened);
    return;
  }
  track(desk, opened);
  const { "proxy-authorization": _, "proxy-connection": __, ...headers } = request.headers;
  const onward = httpRequest({
    createConnection: () => opened,
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, connection: "close" },
  });
  onward.on("error", () => response.destroy());
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
}
