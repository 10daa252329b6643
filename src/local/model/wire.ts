// Bytes in and out: reading a request's body with the service's limit, sending JSON and event streams, breaking them.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { ApiError, errorBody } from "./api-error.ts";
import { messageBody, type Reply } from "./reply.ts";
import { formatEvent, streamEvents } from "./stream.ts";

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Throws an `ApiError` 413 over 32 MB, 400 for what is no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Read to the end all the same: a client that is still sending would not see the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(bytes);
  }
  if (size > MAX_BODY_BYTES) throw new ApiError(413, "Request exceeds the maximum size");
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new ApiError(400, "The request body is not valid JSON");
  }
}

export function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export function sendError(response: ServerResponse, error: ApiError, requestId: string): void {
  const headers = { ...error.headers, "content-type": "application/json" };
  response.writeHead(error.status, headers).end(JSON.stringify(errorBody(error, requestId)));
}

/** Sends what was decided, and breaks it off where that was decided too. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  context: { stream: boolean; requestId: string },
): Promise<void> {
  const { reply, error, breakAfter } = answer;
  if (!reply)
    return sendError(response, error ?? new ApiError(500, "No answer was decided"), context.requestId);
  if (context.stream) return sendStream(response, { ...answer, reply }, context.requestId);
  if (error) return sendError(response, error, context.requestId);
  if (breakAfter === undefined) return sendJson(response, messageBody(reply));
  await breakBody(response, reply);
}

async function sendStream(
  response: ServerResponse,
  { reply, error, breakAfter }: Answer & { reply: Reply },
  requestId: string,
): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  for (const event of streamEvents(reply).slice(0, breakAfter)) response.write(formatEvent(event));
  if (breakAfter === undefined) {
    response.end();
  } else if (error) {
    response.end(formatEvent({ ...errorBody(error, requestId), type: "error" }));
  } else {
    await breakOff(response, "");
  }
}

async function breakBody(response: ServerResponse, reply: Reply): Promise<void> {
  const body = JSON.stringify(messageBody(reply));
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  await breakOff(response, body.slice(0, body.length / 2));
}

/** Destroys the connection once what was written has left the process, so that the client gets exactly that. */
async function breakOff(response: ServerResponse, last: string): Promise<void> {
  response.flushHeaders();
  await new Promise<void>((resolve) => {
    response.write(last === "" ? ":\n\n" : last, () => resolve());
  });
  response.destroy();
}
