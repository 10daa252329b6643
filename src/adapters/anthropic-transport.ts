// `fetch` for the SDK: says when a request is repeated, does not wait where the service asks for very long, and breaks an
// answer off that has stopped in the middle, which the SDK would wait for without end. Pings count as life.
import { asStream } from "./plain-answer.ts";

export interface TransportOptions {
  /** Longest silence inside an answer. */
  readonly idleMs: number;
  readonly onRetry: ((retry: { readonly attempt: number; readonly why: string }) => void) | undefined;
}

/** A service that asks for a longer pause is parked by the caller, not waited for on a paid runner. */
const MAX_WAIT_SECONDS = 120;

export function createFetch({ idleMs, onRetry }: TransportOptions): typeof fetch {
  return async (url, init) => {
    const attempt = Number(new Headers(init?.headers).get("x-stainless-retry-count") ?? 0);
    if (attempt > 0) onRetry?.({ attempt, why: "the request failed" });
    const response = await fetch(url, init);
    if (waitSeconds(response) > MAX_WAIT_SECONDS) return withoutRetry(response);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    if (!response.body) return response;
    if (!isStream) return asksForStream(init) ? asStream(response) : response;
    return new Response(response.body.pipeThrough(idleLimit(idleMs)), response);
  };
}

/** The SDK sends its requests as text; one that cannot be read is not touched. */
function asksForStream(init: RequestInit | undefined): boolean {
  return typeof init?.body === "string" && /"stream":\s*true/.test(init.body);
}

function waitSeconds({ headers }: Response): number {
  const asked = headers.get("retry-after") ?? "0";
  const seconds = Number(asked);
  return Number.isNaN(seconds) ? (Date.parse(asked) - Date.now()) / 1_000 : seconds;
}

function withoutRetry(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("x-should-retry", "false");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

function idleLimit(idleMs: number): TransformStream<Uint8Array, Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const restart = (controller: TransformStreamDefaultController<Uint8Array>) => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.error(new Error(`the answer stopped for ${idleMs} ms`)), idleMs);
    timer.unref();
  };
  return new TransformStream({
    start: restart,
    transform(chunk, controller) {
      restart(controller);
      controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
}
