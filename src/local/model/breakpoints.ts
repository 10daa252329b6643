// A request as the one row of blocks that the service caches: tools, then system, then messages; and the breakpoints
// in it. What is cached is decided in prompt-cache.ts.
import type { ModelRequest } from "./request.ts";

export interface PromptBlock {
  readonly section: "tools" | "system" | "messages";
  readonly role: string;
  readonly part: Readonly<Record<string, unknown>>;
}

export interface Breakpoint {
  /** Index in the row of blocks. */
  readonly at: number;
  readonly type: unknown;
  readonly ttl: unknown;
  readonly isEmptyText: boolean;
}

export function promptBlocks(request: ModelRequest): PromptBlock[] {
  return [
    ...request.tools.map((part) => ({ section: "tools" as const, role: "", part })),
    ...request.system.map((part) => ({ section: "system" as const, role: "", part })),
    ...request.messages.flatMap(({ role, content }) =>
      content.map((part) => ({ section: "messages" as const, role, part })),
    ),
  ];
}

/** In the order of the prompt. A marker inside a tool result counts as one on the result. */
export function breakpointsOf(request: ModelRequest): Breakpoint[] {
  const blocks = promptBlocks(request);
  const found = blocks.flatMap(({ part }, at) =>
    markersIn(part).map((marker) => toBreakpoint(at, marker, part)),
  );
  const last = blocks.length - 1;
  const own = request.cacheControl;
  if (own && !found.some(({ at }) => at === last)) found.push(toBreakpoint(last, own, {}));
  return found;
}

function markersIn(part: Readonly<Record<string, unknown>>): unknown[] {
  const nested = Array.isArray(part.content) ? part.content.filter(isRecord).flatMap(markersIn) : [];
  return part.cache_control ? [...nested, part.cache_control] : nested;
}

function toBreakpoint(at: number, marker: unknown, part: Readonly<Record<string, unknown>>): Breakpoint {
  const fields = isRecord(marker) ? marker : {};
  return {
    at,
    type: fields.type,
    ttl: fields.ttl ?? "5m",
    isEmptyText: part.type === "text" && part.text === "",
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
