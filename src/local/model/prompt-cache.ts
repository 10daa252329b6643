// The prompt cache as https://docs.claude.com/en/docs/build-with-claude/prompt-caching describes it. Lives as long as
// the server: a restart begins with an empty cache, as five minutes' pause would.
import { createHash } from "node:crypto";
import { breakpointsOf, promptBlocks } from "./breakpoints.ts";
import type { ModelRequest } from "./request.ts";
import { estimateTokens, serialiseForCache } from "./tokens.ts";

const MIN_CACHED_TOKENS = 1_024;
/** Positions looked at from a breakpoint backwards, the breakpoint's own among them. */
const LOOKBACK_BLOCKS = 20;
const TTL_MS = { "5m": 5 * 60_000, "1h": 60 * 60_000 };

export interface InputUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
}

export interface PromptCache {
  /** Figures of one answered request; writes and refreshes entries. `nowMs` is any clock that does not go back. */
  charge(request: ModelRequest, nowMs: number): InputUsage;
}

interface Prefix {
  readonly key: string;
  /** Tokens from the start to the end of this block. */
  readonly tokens: number;
}

interface Marker {
  readonly at: number;
  readonly ttl: "5m" | "1h";
}

export function createPromptCache(): PromptCache {
  const entries = new Map<string, { expiresAtMs: number; ttlMs: number }>();

  function isFresh(key: string | undefined, nowMs: number): boolean {
    const entry = key === undefined ? undefined : entries.get(key);
    if (!entry || entry.expiresAtMs <= nowMs) return false;
    entry.expiresAtMs = nowMs + entry.ttlMs;
    return true;
  }

  /** The longest cached prefix that some breakpoint can see. */
  function readTokens(prefixes: readonly Prefix[], markers: readonly Marker[], nowMs: number): number {
    for (const { at } of markers.toReversed()) {
      for (let index = at; index > at - LOOKBACK_BLOCKS && index >= 0; index -= 1) {
        if (isFresh(prefixes[index]?.key, nowMs)) return prefixes[index]?.tokens ?? 0;
      }
    }
    return 0;
  }

  function write(prefixes: readonly Prefix[], markers: readonly Marker[], nowMs: number): void {
    for (const { at, ttl } of markers) {
      const key = prefixes[at]?.key;
      if (key !== undefined) entries.set(key, { expiresAtMs: nowMs + TTL_MS[ttl], ttlMs: TTL_MS[ttl] });
    }
  }

  return {
    charge(request, nowMs) {
      const prefixes = prefixesOf(request);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const markers = breakpointsOf(request)
        .map(({ at, ttl }): Marker => ({ at, ttl: ttl === "1h" ? "1h" : "5m" }))
        .filter(({ at }) => (prefixes[at]?.tokens ?? 0) >= MIN_CACHED_TOKENS);
      const read = readTokens(prefixes, markers, nowMs);
      write(prefixes, markers, nowMs);
      return split({ prefixes, markers, read, total });
    },
  };
}

/** What lies between the part read and the last breakpoint is written, at the price of the breakpoint it ends in. */
function split(found: {
  prefixes: readonly Prefix[];
  markers: readonly Marker[];
  read: number;
  total: number;
}): InputUsage {
  const written = { "5m": 0, "1h": 0 };
  let covered = found.read;
  for (const { at, ttl } of found.markers) {
    const tokens = found.prefixes[at]?.tokens ?? 0;
    written[ttl] += Math.max(0, tokens - covered);
    covered = Math.max(covered, tokens);
  }
  return {
    input_tokens: found.total - covered,
    cache_creation_input_tokens: written["5m"] + written["1h"],
    cache_read_input_tokens: found.read,
    cache_creation: { ephemeral_5m_input_tokens: written["5m"], ephemeral_1h_input_tokens: written["1h"] },
  };
}

function prefixesOf(request: ModelRequest): Prefix[] {
  let key = hash(request.model);
  let tokens = 0;
  let section = "tools";
  return promptBlocks(request).map((block) => {
    // Tool choice and thinking do not touch what is cached of tools and system, only the messages behind them.
    if (block.section === "messages" && section !== "messages")
      key = hash(key, serialiseForCache(request.settings));
    section = block.section;
    key = hash(key, block.section, block.role, serialiseForCache(block.part));
    tokens += estimateTokens(block.part);
    return { key, tokens };
  });
}

function hash(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
