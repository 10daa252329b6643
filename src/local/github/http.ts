// Requests and answers of the API as plain values, and GitHub's way of saying no. Knows no route.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity } from "./identity.ts";
import { type Json, type JsonObject, toJson } from "./json.ts";

export interface ApiRequest {
  readonly method: string;
  /** Without `/api/v3`, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Json;
  readonly identity: Identity;
  /** What the route's pattern matched, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: Json;
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that ends the request: thrown anywhere below a route, written by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Json | undefined;

  constructor(status: number, message: string, errors?: Json) {
    super(message);
    this.status = status;
    this.errors = errors;
  }

  get answer(): ApiAnswer {
    const body: JsonObject = {
      message: this.message,
      documentation_url: "https://docs.github.com/rest",
      status: String(this.status),
    };
    if (this.errors !== undefined) body.errors = this.errors;
    return { status: this.status, body };
  }
}

export const notFound = () => new ApiError(404, "Not Found");

export function ok(body: unknown, status = 200): ApiAnswer {
  return { status, body: toJson(body) };
}

export const noContent: ApiAnswer = { status: 204 };

/** The whole body. Chunks are joined: git's packs and JSON alike are small here. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function parseJsonBody(bytes: Buffer): Json {
  if (bytes.length === 0) return {};
  try {
    const parsed: Json = JSON.parse(bytes.toString("utf8"));
    return parsed;
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
}

export function send(response: ServerResponse, answer: ApiAnswer): void {
  const json = answer.body === undefined ? undefined : Buffer.from(JSON.stringify(answer.body));
  const bytes = answer.bytes ?? json;
  response.writeHead(answer.status, {
    ...(json ? { "content-type": "application/json; charset=utf-8" } : {}),
    ...(bytes ? { "content-length": String(bytes.length) } : {}),
    "x-github-media-type": "github.v3; format=json",
    ...answer.headers,
  });
  response.end(bytes);
}

/** GitHub's `page` and `per_page` (30 unless said, 100 at most) with its `Link` header. */
export function paginate(
  request: ApiRequest,
  baseUrl: string,
  items: readonly Json[],
): { page: Json[]; headers: Record<string, string> } {
  const size = Math.min(100, Math.max(1, Number(request.query.get("per_page") ?? 30) || 30));
  const page = Math.max(1, Number(request.query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set("page", String(to));
    return `<${baseUrl}${request.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev"), link(1, "first")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
  ];
  return {
    page: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}
