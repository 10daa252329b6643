// A service that answers a streamed request with one whole JSON message: the message as the events it would have sent.
// Whether an answer is such a message is decided here, what its fields mean is the SDK's.

interface PlainMessage {
  readonly content: readonly Record<string, unknown>[];
  readonly stop_reason?: unknown;
  readonly stop_sequence?: unknown;
  readonly usage?: Readonly<Record<string, unknown>>;
}

/** The answer itself where it is a stream, an error, or no message; its body is read only where it is JSON. */
export async function asStream(response: Response): Promise<Response> {
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  if (!response.ok || !isJson) return response;
  const text = await response.text();
  const message = parseMessage(text);
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  headers.delete("content-encoding");
  if (message) headers.set("content-type", "text/event-stream");
  const { status, statusText } = response;
  return new Response(message ? toEvents(message) : text, { status, statusText, headers });
}

function parseMessage(text: string): PlainMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is PlainMessage {
  return typeof value === "object" && value !== null && "content" in value && Array.isArray(value.content);
}

type StreamEvent = Readonly<Record<string, unknown>> & { readonly type: string };

function toEvents(message: PlainMessage): string {
  const { content, stop_reason = null, stop_sequence = null, usage = {} } = message;
  const events: StreamEvent[] = [
    { type: "message_start", message: { ...message, content: [], stop_reason: null, usage } },
    ...content.flatMap(blockEvents),
    { type: "message_delta", delta: { stop_reason, stop_sequence }, usage },
    { type: "message_stop" },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

/** The input of a call comes in pieces of JSON; every other block may begin as it ends. */
function blockEvents(block: Record<string, unknown>, index: number): StreamEvent[] {
  const stop = { type: "content_block_stop", index };
  if (block.type !== "tool_use") return [{ type: "content_block_start", index, content_block: block }, stop];
  const partial_json = JSON.stringify(block.input ?? {});
  return [
    { type: "content_block_start", index, content_block: { ...block, input: {} } },
    { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json } },
    stop,
  ];
}
