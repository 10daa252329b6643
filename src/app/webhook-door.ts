// What stands before Probot: a request that is not GitHub's, too large, too deep, of another shape than its event's, or
// about a repository of somebody else's goes no further. What a delivery leads to is decided behind it.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { RepositoryName } from "../adapters/github-client.ts";
import { checkDelivery, isTooDeep } from "../core/delivery.ts";
import type { Log } from "../ports.ts";

/** GitHub sends none that is larger. */
const longestBytes = 25_000_000;
const longestRead = 4 * longestBytes;

export interface DoorOptions {
  readonly secret: string;
  readonly path: string;
  /** The installation that a repository belongs to; `undefined` where the App is not installed. */
  installationOf(repository: RepositoryName): Promise<number | undefined>;
  /** Who answers what was let in; `rawBody` holds what was read of the request. */
  readonly behind: (request: IncomingMessage, response: ServerResponse) => unknown;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function webhookDoor(options: DoorOptions): RequestListener {
  return (request, response) => {
    letIn(request, options)
      .catch((error: unknown): Answer => {
        if (error instanceof Refused) return { status: error.status, text: error.message };
        options.log.line(`webhook: ${error instanceof Error ? error.message : String(error)}`);
        return { status: 503, text: "GitHub could not be asked; deliver it again" };
      })
      .then(async (answer) => {
        if (!answer) await options.behind(request, response);
        else response.writeHead(answer.status, { "content-type": "text/plain" }).end(`${answer.text}\n`);
      })
      .catch((error: unknown) => {
        options.log.line(`webhook: ${error instanceof Error ? error.message : String(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
  };
}

/** The answer, or nothing where the request is let in. */
async function letIn(request: IncomingMessage, options: DoorOptions): Promise<Answer | undefined> {
  const { pathname } = new URL(request.url ?? "/", "http://door");
  if (pathname !== options.path || request.method !== "POST") throw new Refused(404, "nothing is here");
  const header = (name: string) => String(request.headers[name] ?? "");
  if (!/^application\/json\s*(;|$)/.test(header("content-type")))
    throw new Refused(415, "expected `content-type: application/json`");
  const signature = header("x-hub-signature-256");
  if (!/^sha256=[0-9a-f]{64}$/.test(signature))
    throw new Refused(400, "expected `x-hub-signature-256: sha256=` and 64 lower-case hexadecimal digits");
  const event = header("x-github-event");
  if (!/^[a-z_]{1,64}$/.test(event) || !/^[\w-]{1,64}$/.test(header("x-github-delivery")))
    throw new Refused(400, "expected the name of an event and the id of a delivery");
  const body = await readBody(request);
  const expected = createHmac("sha256", options.secret).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.slice("sha256=".length), "hex")))
    throw new Refused(400, "the signature is not that of the body");
  const answer = await checked(event, body, options);
  // Probot reads it from there, checks the signature once more, and answers.
  if (!answer) Object.assign(request, { body: {}, rawBody: body });
  return answer;
}

async function checked(
  event: string,
  body: Uint8Array,
  { installationOf }: DoorOptions,
): Promise<Answer | undefined> {
  if (isTooDeep(body)) throw new Refused(400, "the JSON is nested too deep");
  const check = checkDelivery(event, parse(body));
  if (check.kind === "other") return { status: 202, text: "nothing follows from this event" };
  if (check.kind === "misshapen") throw new Refused(400, check.what);
  const { owner, name, installation } = check.delivered;
  if ((await installationOf({ owner, name })) === installation) return undefined;
  return { status: 202, text: "ignored: not a repository of this installation" };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new Refused(400, "the body is not JSON");
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // One that is too large is read on and thrown away: who still writes would not hear the answer. But not for ever: to
  // leave this loop ends the connection.
  for await (const part of request) {
    bytes += part.length;
    if (bytes > longestRead) break;
    if (bytes <= longestBytes) parts.push(part);
    else parts.length = 0;
  }
  if (bytes > longestBytes) throw new Refused(413, `the body is over ${longestBytes} bytes`);
  return Buffer.concat(parts);
}
