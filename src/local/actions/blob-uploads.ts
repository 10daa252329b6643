// Signed addresses for artifact content: uploads in one piece or in blocks (as Azure's blob client sends them), and
// downloads. Whoever has the address has the right, as with the real service.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { ArtifactStore } from "./artifact-store.ts";

interface Upload {
  readonly key: string;
  readonly blocks: Map<string, Buffer>;
  content: Buffer | undefined;
}

export interface BlobUploads {
  /** Returns path and query of a new signed address; a later one for the same key replaces the earlier. */
  create(key: string): string;
  /** The finished content, once. */
  take(key: string): Buffer | undefined;
  share(artifactId: number): string;
  /** False where the request is for none of these addresses. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** Azure's client reads the account, the container and the blob from a path of three parts. */
const PREFIX = "/embedded/artifacts/";

function blockIds(xml: string): string[] {
  return [...xml.matchAll(/<(?:Latest|Committed|Uncommitted)>([^<]*)</g)].map((match) => match[1] ?? "");
}

function receive(upload: Upload, query: URLSearchParams, body: Buffer): string | undefined {
  switch (query.get("comp")) {
    case "block":
      upload.blocks.set(query.get("blockid") ?? "", body);
      return undefined;
    case "blocklist": {
      const blocks = blockIds(body.toString("utf8")).map((id) => upload.blocks.get(id));
      if (blocks.some((block) => block === undefined)) return "InvalidBlockList";
      upload.content = Buffer.concat(blocks.filter((block) => block !== undefined));
      return undefined;
    }
    default:
      upload.content = body;
      return undefined;
  }
}

function reply(response: ServerResponse, status: number, code?: string): void {
  const headers = { "x-ms-request-id": randomBytes(8).toString("hex"), "x-ms-version": "2024-11-04" };
  response
    .writeHead(status, code ? { ...headers, "x-ms-error-code": code } : { ...headers, etag: '"embedded"' })
    .end();
}

function send(response: ServerResponse, zip: Buffer | undefined): void {
  if (!zip) reply(response, 404, "BlobNotFound");
  else response.writeHead(200, { "content-type": "application/zip", "content-length": zip.length }).end(zip);
}

export function createBlobUploads(artifacts: ArtifactStore): BlobUploads {
  const uploads = new Map<string, Upload>();
  const shares = new Map<string, number>();
  const sign = () => randomBytes(24).toString("hex");
  const drop = (key: string) => {
    for (const [signature, upload] of uploads) if (upload.key === key) uploads.delete(signature);
  };
  return {
    create: (key) => {
      drop(key);
      const signature = sign();
      uploads.set(signature, { key, blocks: new Map(), content: undefined });
      return `${PREFIX}${uploads.size}.zip?sig=${signature}`;
    },
    take: (key) => {
      const content = [...uploads.values()].find((upload) => upload.key === key)?.content;
      drop(key);
      return content;
    },
    share: (artifactId) => {
      const signature = sign();
      shares.set(signature, artifactId);
      return `${PREFIX}${artifactId}.zip?sig=${signature}`;
    },
    answer: async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      if (!pathname.startsWith(PREFIX)) return false;
      const signature = searchParams.get("sig") ?? "";
      const upload = uploads.get(signature);
      const shared = shares.get(signature);
      if (request.method === "PUT" && upload) {
        const problem = receive(upload, searchParams, await buffer(request));
        reply(response, problem ? 400 : 201, problem);
      } else if (request.method === "GET" && shared !== undefined) send(response, artifacts.zip(shared));
      else reply(response, 403, "AuthenticationFailed");
      return true;
    },
  };
}
