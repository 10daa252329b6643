// The scripted model: an HTTP server on loopback that speaks Anthropic's Messages API and plays a script.
// Which turn is played is decided in play.ts, what it costs in prompt-cache.ts.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, decideAnswer, type Stage } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { promptBlocks } from "./breakpoints.ts";
import { createMemory } from "./memory.ts";
import { checkModel, listModels, retrieveModel } from "./models.ts";
import { createPromptCache } from "./prompt-cache.ts";
import type { Usage } from "./reply.ts";
import { parseRequest } from "./request.ts";
import { parseScript, type Role, type Script } from "./script.ts";
import { loadScript } from "./script-file.ts";
import { estimateTokens } from "./tokens.ts";
import { readJson, sendAnswer, sendError, sendJson } from "./wire.ts";

export interface RecordedRequest {
  /** As in the `request-id` header. */
  readonly id: string;
  readonly role: Role;
  /** Index in the role's list of conversations. */
  readonly conversation: number | undefined;
  /** From 0; the number of assistant messages in the request. */
  readonly turn: number;
  readonly model: string;
  /** Missing where an error came instead of a message. */
  readonly usage?: Usage;
  /** The error type of the answer, if it is one. */
  readonly error?: string;
  readonly body: unknown;
}

export interface ScriptMismatch {
  readonly role: Role;
  readonly conversation: number | undefined;
  readonly turn: number;
  readonly message: string;
}

export interface ScriptedModel extends AsyncDisposable {
  /** Without a trailing slash: the SDK's `baseURL`. */
  readonly url: string;
  /** The accepted `POST /v1/messages`, in order, kept until the server ends. */
  requests(): readonly RecordedRequest[];
  /** Where a conversation left its script; each difference once. */
  mismatches(): readonly ScriptMismatch[];
}

export interface ScriptedModelOptions {
  /** A path, or the script itself. */
  readonly script: string | Script;
  /** Default: any free one. */
  readonly port?: number;
  /** Remembers openings and attempts, so that a restarted server goes on as before. Made if missing. */
  readonly stateFile?: string;
  /** Milliseconds, for the life of cache entries. Default: the monotonic clock. */
  readonly now?: () => number;
}

/** Throws a `ScriptError` for a script that cannot be played. Resolves when the server listens. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const { script } = options;
  const stage: Stage = {
    script: typeof script === "string" ? await loadScript(script) : parseScript(script),
    memory: createMemory(options.stateFile),
    cache: createPromptCache(),
    now: options.now ?? (() => performance.now()),
  };
  const log: RecordedRequest[] = [];
  const mismatches: ScriptMismatch[] = [];
  const server = createServer((request, response) => {
    const requestId = `req_${randomBytes(12).toString("hex")}`;
    response.setHeader("request-id", requestId);
    route({ request, response, requestId, stage, log, mismatches }).catch((error: unknown) => {
      fail(response, error, requestId);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => log,
    mismatches: () => mismatches,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly stage: Stage;
  readonly log: RecordedRequest[];
  readonly mismatches: ScriptMismatch[];
}

async function route(exchange: Exchange): Promise<void> {
  const { request, response, stage } = exchange;
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const model = /^\/v1\/models\/(?<id>[^/]+)$/.exec(path)?.groups?.id;
  const endpoint = `${request.method} ${model === undefined ? path : "/v1/models/{id}"}`;
  // Read before anything is refused, so that the client is done sending and sees the answer.
  const body = request.method === "POST" ? await readJson(request) : undefined;
  checkHeaders(request);
  switch (endpoint) {
    case "POST /v1/messages":
      return createMessage(exchange, body);
    case "POST /v1/messages/count_tokens":
      return sendJson(response, { input_tokens: countTokens(stage, body), context_management: null });
    case "GET /v1/models":
      return sendJson(response, listModels(stage.script));
    case "GET /v1/models/{id}":
      return sendJson(response, retrieveModel(stage.script, decodeURIComponent(model ?? "")));
    default:
      throw new ApiError(404, `Not found: ${endpoint}`);
  }
}

function checkHeaders({ headers }: IncomingMessage): void {
  const bearer = /^Bearer \S/.test(headers.authorization ?? "");
  if (!headers["x-api-key"] && !bearer) throw new ApiError(401, "x-api-key header is required");
  if (!headers["anthropic-version"]) throw new ApiError(400, "anthropic-version: header is required");
}

async function createMessage(
  { response, requestId, stage, log, mismatches }: Exchange,
  body: unknown,
): Promise<void> {
  const request = parseRequest(body, "create");
  checkModel(stage.script, request.model);
  const answer = decideAnswer(request, stage);
  log.push(toRecord({ id: requestId, model: request.model, answer, body }));
  noteMismatch(answer, mismatches);
  await sleep(answer.delayMs, undefined, { ref: false });
  if (!response.destroyed) await sendAnswer(response, answer, { stream: request.stream, requestId });
}

function toRecord(found: { id: string; model: string; answer: Answer; body: unknown }): RecordedRequest {
  const { scene, reply, error } = found.answer;
  return {
    id: found.id,
    role: scene.role,
    conversation: scene.conversation,
    turn: scene.turn,
    model: found.model,
    ...(reply && { usage: reply.usage }),
    ...(error && { error: error.type }),
    body: found.body,
  };
}

function noteMismatch({ scene }: Answer, mismatches: ScriptMismatch[]): void {
  const { role, conversation, turn, mismatch: message } = scene;
  const isKnown = mismatches.some(
    (known) => known.role === role && known.turn === turn && known.message === message,
  );
  if (message && !isKnown) mismatches.push({ role, conversation, turn, message });
}

function countTokens({ script }: Stage, body: unknown): number {
  const request = parseRequest(body, "count");
  checkModel(script, request.model);
  return promptBlocks(request).reduce((sum, { part }) => sum + estimateTokens(part), 0);
}

function fail(response: ServerResponse, error: unknown, requestId: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known =
    error instanceof ApiError ? error : new ApiError(500, `The scripted model failed: ${String(error)}`);
  sendError(response, known, requestId);
}
