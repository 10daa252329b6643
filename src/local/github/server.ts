// The HTTP server: whose request it is, faults for tests, and which of REST, GraphQL and git answers it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Forge } from "./forge.ts";
import { answerGraphql } from "./graphql.ts";
import { type ApiAnswer, ApiError, notFound, parseJsonBody, readBody, send } from "./http.ts";
import { type Identity, tokenFrom } from "./identity.ts";
import type { Fault, SeenRequest } from "./options.ts";
import { authorize, need } from "./permissions.ts";
import { dispatch } from "./router.ts";
import { routes } from "./routes.ts";
import { isPush, serveGit } from "./smart-http.ts";
import { pushEnvironment } from "./workflow-guard.ts";

export interface Listening {
  readonly server: Server;
  readonly url: string;
}

/** Listens on loopback; requests wait until `ready` gives the forge. */
export async function listen(port: number, ready: Promise<Forge>, seen: SeenRequest[]): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(ready, request, seen, response).catch((error: unknown) => {
      // A bug of ours: said in full, the client is a test or the person in front of this machine.
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: { message } });
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a TCP address, found none.");
  return { server, url: `http://127.0.0.1:${address.port}` };
}

async function answer(
  ready: Promise<Forge>,
  request: IncomingMessage,
  seen: SeenRequest[],
  response: ServerResponse,
): Promise<void> {
  const forge = await ready;
  const url = new URL(request.url ?? "/", forge.url);
  const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, "").replace(/^\/api\/graphql$/, "/graphql") || "/";
  const method = request.method ?? "GET";
  const identity = forge.tokens.identify(tokenFrom(request.headers.authorization));
  const auth: Identity = identity ?? { kind: "anonymous", login: "" };
  const body = await readBody(request);
  const fault = forge.options.faults?.({ method, path, auth });
  const call = { request, method, path, url, body, identity };
  const result = fault ? faultAnswer(fault) : await serve(forge, call).catch(refusal);
  seen.push({ method, path, status: result?.status ?? 0, actor: auth.login });
  if (result) send(response, result);
  else request.socket.destroy();
}

function faultAnswer(fault: Fault): ApiAnswer | undefined {
  if ("cut" in fault) return undefined;
  const { status, body, headers } = fault;
  return { status, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) };
}

function refusal(error: unknown): ApiAnswer {
  if (error instanceof ApiError) return error.answer;
  throw error;
}

interface Call {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly body: Buffer;
  readonly identity: Identity | undefined;
}

async function serve(forge: Forge, call: Call): Promise<ApiAnswer> {
  const { request, method, path, url, body, identity } = call;
  const below = gitPath(forge, path);
  if (below !== undefined) return answerGit(forge, call, below);
  if (!identity) throw new ApiError(401, "Bad credentials");
  if (path === "/graphql") return answerGraphql(forge, identity, parseJsonBody(body));
  const json = method === "GET" ? {} : parseJsonBody(body);
  return dispatch(forge, routes, {
    method,
    path,
    query: url.searchParams,
    headers: request.headers,
    body: json,
    identity,
  });
}

/** What follows `/<owner>/<name>.git`, or `undefined` where the request is none of git's. */
function gitPath(forge: Forge, path: string): string | undefined {
  const root = `/${forge.owner}/${forge.name}`;
  for (const prefix of [`${root}.git`, root]) {
    if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  }
  return undefined;
}

async function answerGit(forge: Forge, call: Call, below: string): Promise<ApiAnswer> {
  const { request, url, body, identity } = call;
  const challenge = { "www-authenticate": 'Basic realm="GitHub"' };
  if (!identity || identity.kind === "anonymous")
    return { status: 401, headers: challenge, bytes: Buffer.from("Bad credentials\n") };
  const query = url.search.slice(1);
  const push = isPush(below, query);
  try {
    authorize(identity, push ? need("write", "contents:write") : need("read", "contents:read"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const denied = `Permission to ${forge.owner}/${forge.name}.git denied to ${identity.login}.\n`;
    return { status: error.status, bytes: Buffer.from(denied) };
  }
  const gitCall = {
    request,
    path: below,
    query,
    body,
    login: identity.login,
    environment: pushEnvironment(identity),
  };
  if (below !== "/git-receive-pack") return serveGit(forge.git, gitCall);
  let result: ApiAnswer | undefined;
  await forge.refs.watch(identity, async () => {
    result = await serveGit(forge.git, gitCall);
  });
  if (!result) throw notFound();
  return result;
}
