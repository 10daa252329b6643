// A message as the server-sent events of the Messages API, in their order.
import { messageBody, type Reply, type ReplyBlock, stopDetails } from "./reply.ts";

export interface StreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

const PIECES = 6;
const MIN_PIECE = 12;

export function streamEvents(reply: Reply): StreamEvent[] {
  const { output_tokens: outputTokens, ...input } = reply.usage;
  const start = {
    ...messageBody(reply),
    content: [],
    stop_reason: null,
    stop_details: null,
    usage: { ...input, output_tokens: 1 },
  };
  return [
    { type: "message_start", message: start },
    { type: "ping" },
    ...reply.blocks.flatMap(blockEvents),
    {
      type: "message_delta",
      delta: {
        stop_reason: reply.stopReason,
        stop_sequence: null,
        stop_details: stopDetails(reply.stopReason),
        container: null,
      },
      context_management: null,
      usage: {
        input_tokens: input.input_tokens,
        cache_creation_input_tokens: input.cache_creation_input_tokens,
        cache_read_input_tokens: input.cache_read_input_tokens,
        output_tokens: outputTokens,
      },
    },
    { type: "message_stop" },
  ];
}

/** One event on the wire. */
export function formatEvent(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function blockEvents(block: ReplyBlock, index: number): StreamEvent[] {
  const isText = block.type === "text";
  const start = isText
    ? { type: "text", text: "", citations: null }
    : { type: "tool_use", id: block.id, name: block.name, input: {} };
  const deltas = isText
    ? pieces(block.text).map((text) => ({ type: "text_delta", text }))
    : // The service opens a tool's input with an empty piece.
      ["", ...pieces(block.json)].map((json) => ({ type: "input_json_delta", partial_json: json }));
  return [
    { type: "content_block_start", index, content_block: start },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function pieces(text: string): string[] {
  const size = Math.max(MIN_PIECE, Math.ceil(text.length / PIECES));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  );
}
