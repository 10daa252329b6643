// The artifact service that JavaScript actions talk to (@actions/artifact): twirp calls in JSON, signed blob uploads.
// One small HTTP server on loopback; what it receives ends in the artifact store.
import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { ArtifactExists, type ArtifactStore, refuseBadArtifactName } from "./artifact-store.ts";
import { type BlobUploads, createBlobUploads } from "./blob-uploads.ts";

export interface ResultsService extends AsyncDisposable {
  readonly url: string;
  /** A token in the shape that the toolkit reads its ids from. It works until `revokeRuntimeToken`. */
  runtimeToken(runId: number, jobId: number): string;
  revokeRuntimeToken(jobId: number): void;
}

interface Caller {
  readonly runId: number;
  readonly jobId: number;
}

class TwirpError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Fields = Readonly<Record<string, unknown>>;

interface MethodCall {
  readonly artifacts: ArtifactStore;
  readonly uploads: BlobUploads;
  readonly caller: Caller;
  readonly url: string;
  readonly fields: Fields;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && value !== "") return value;
  throw new TwirpError(400, "invalid_argument", `\`${name}\`: expected a string; give one.`);
}

function find({ artifacts, caller, fields }: MethodCall) {
  const name = text(fields, "name");
  const found = artifacts.list(caller.runId).find((artifact) => artifact.name === name);
  if (!found) throw new TwirpError(404, "not_found", `artifact ${name} not found in run ${caller.runId}`);
  return found;
}

const METHODS: Readonly<Record<string, (call: MethodCall) => Fields>> = {
  CreateArtifact: ({ artifacts, uploads, caller, url, fields }) => {
    const name = text(fields, "name");
    refuseBadArtifactName(name);
    if (artifacts.list(caller.runId).some((artifact) => artifact.name === name))
      throw new ArtifactExists(name);
    return { ok: true, signed_upload_url: `${url}${uploads.create(`${caller.jobId}/${name}`)}` };
  },
  FinalizeArtifact: ({ artifacts, uploads, caller, fields }) => {
    const name = text(fields, "name");
    const zip = uploads.take(`${caller.jobId}/${name}`);
    if (!zip)
      throw new TwirpError(400, "failed_precondition", `artifact ${name} has no upload; upload it first.`);
    const artifact = artifacts.add({ ...caller, name, zip });
    const { hash } = fields;
    if (typeof hash === "string" && hash !== "" && hash !== artifact.digest) {
      artifacts.remove(artifact.id);
      throw new TwirpError(400, "invalid_argument", `expected ${hash}, the upload has ${artifact.digest}.`);
    }
    return { ok: true, artifact_id: String(artifact.id) };
  },
  ListArtifacts: ({ artifacts, caller, fields }) => ({
    artifacts: artifacts
      .list(caller.runId)
      .filter(({ name }) => !fields.name_filter || fields.name_filter === name)
      .filter(({ id }) => !fields.id_filter || String(fields.id_filter) === String(id))
      .map((artifact) => ({
        workflow_run_backend_id: String(caller.runId),
        workflow_job_run_backend_id: String(caller.jobId),
        database_id: String(artifact.id),
        name: artifact.name,
        size: String(artifact.size_in_bytes),
        created_at: artifact.created_at,
        digest: artifact.digest,
      })),
  }),
  GetSignedArtifactURL: (call) => ({ signed_url: `${call.url}${call.uploads.share(find(call).id)}` }),
  DeleteArtifact: (call) => {
    const artifact = find(call);
    call.artifacts.remove(artifact.id);
    return { ok: true, artifact_id: String(artifact.id) };
  },
};

function parseFields(body: Buffer): Fields {
  const parsed: unknown = JSON.parse(body.toString("utf8") || "{}");
  if (typeof parsed === "object" && parsed !== null) return { ...parsed };
  throw new TwirpError(400, "malformed", "expected a JSON object.");
}

/** Backend ids in the request must be the caller's own: a token opens its own run only. */
function checkIds(fields: Fields, caller: Caller): void {
  const run = fields.workflow_run_backend_id;
  if (run !== undefined && String(run) !== String(caller.runId)) {
    throw new TwirpError(403, "permission_denied", "the token is for another workflow run.");
  }
}

function sendJson(response: ServerResponse, status: number, value: Fields): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ArtifactExists) sendJson(response, 409, { code: "already_exists", msg: message });
  else if (error instanceof TwirpError) sendJson(response, error.status, { code: error.code, msg: message });
  else if (error instanceof SyntaxError) sendJson(response, 400, { code: "malformed", msg: message });
  else sendJson(response, 500, { code: "internal", msg: message });
}

const SERVICE = "/twirp/github.actions.results.api.v1.ArtifactService/";

function createTokens() {
  const key = randomBytes(32);
  const callers = new Map<string, Caller>();
  const part = (value: Fields) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    callers,
    mint: (runId: number, jobId: number) => {
      const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ scp: `Actions.Results:${runId}:${jobId}` })}`;
      const token = `${body}.${createHmac("sha256", key).update(body).digest("base64url")}`;
      callers.set(token, { runId, jobId });
      return token;
    },
    revoke: (jobId: number) => {
      for (const [token, caller] of callers) if (caller.jobId === jobId) callers.delete(token);
    },
  };
}

export async function startResultsService(artifacts: ArtifactStore): Promise<ResultsService> {
  const tokens = createTokens();
  const uploads = createBlobUploads(artifacts);
  let url = "";
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (await uploads.answer(request, response)) return;
    const method = pathname.startsWith(SERVICE) ? METHODS[pathname.slice(SERVICE.length)] : undefined;
    const caller = tokens.callers.get((request.headers.authorization ?? "").replace(/^Bearer /, ""));
    if (!caller)
      throw new TwirpError(401, "unauthenticated", "the runtime token is unknown or its job is over.");
    if (!method || request.method !== "POST")
      throw new TwirpError(404, "bad_route", `no such method: ${pathname}`);
    const fields = parseFields(await buffer(request));
    checkIds(fields, caller);
    sendJson(response, 200, method({ artifacts, uploads, caller, url, fields }));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The results service has no port.");
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    runtimeToken: tokens.mint,
    revokeRuntimeToken: tokens.revoke,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
