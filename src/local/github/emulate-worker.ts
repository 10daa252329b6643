// The thread in which `emulate` lives. It has a Date of its own, set with every mutation, so that a replay of the
// journal gives the same times; knows nothing of the gateway.
import { createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { createEmulator } from "emulate";

export interface EmulateSeed {
  readonly baseUrl: string;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly logins: readonly string[];
}

export interface EmulateCall {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly login: string;
  readonly body: string | undefined;
  /** The moment in milliseconds at which a mutation takes place. Reads have none. */
  readonly at: number | undefined;
}

export interface EmulateReply {
  readonly id: number;
  readonly status: number;
  readonly text: string;
  readonly link: string | undefined;
}

/** When the repository was made, as far as anybody can see; the journal says when all else was. */
let clock = Date.parse("2026-01-01T00:00:00Z");
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [clock] : args, newTarget),
  get: (target, key) => (key === "now" ? () => clock : Reflect.get(target, key)),
});

const port = parentPort;
if (!port) throw new Error("Expected to run as a worker thread: start it through `startStore`.");
const seed: EmulateSeed = workerData;
const tokenOf = (login: string) => `inner-${Buffer.from(login).toString("hex")}`;

const innerPort = await freePort();
await createEmulator({
  service: "github",
  port: innerPort,
  baseUrl: seed.baseUrl,
  seed: {
    tokens: Object.fromEntries(
      seed.logins.map((login) => [tokenOf(login), { login, scopes: ["repo", "user"] }]),
    ),
    github: {
      users: seed.logins.map((login) => ({ login })),
      repos: [{ owner: seed.owner, name: seed.name, default_branch: seed.defaultBranch, private: false }],
    },
  },
});
// The gateway decides who may do what: to the store everybody is an administrator.
for (const login of seed.logins) {
  if (login !== seed.owner) {
    const path = `/repos/${seed.owner}/${seed.name}/collaborators/${encodeURIComponent(login)}`;
    await call({
      id: 0,
      method: "PUT",
      path,
      login: seed.owner,
      body: '{"permission":"admin"}',
      at: undefined,
    });
  }
}
port.on("message", (message: EmulateCall) => {
  call(message).then(
    (reply) => port.postMessage(reply),
    (error: unknown) =>
      port.postMessage({ id: message.id, status: 500, text: String(error), link: undefined }),
  );
});
port.postMessage({ id: 0, status: 200, text: "ready", link: undefined } satisfies EmulateReply);

async function call(message: EmulateCall): Promise<EmulateReply> {
  if (message.at !== undefined) clock = message.at;
  const response = await fetch(`http://127.0.0.1:${innerPort}${message.path}`, {
    method: message.method,
    headers: { authorization: `token ${tokenOf(message.login)}`, "content-type": "application/json" },
    ...(message.body === undefined ? {} : { body: message.body }),
    redirect: "manual",
  });
  const link = response.headers.get("link") ?? undefined;
  return { id: message.id, status: response.status, text: await response.text(), link };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Expected a TCP address, found none.");
  return address.port;
}
