// Loaded into `agent-harness local` by `--import`: notes each request its servers get and each action process it starts.
// It changes nothing; adding up is `sample-run.ts`'s.
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { isMainThread } from "node:worker_threads";

export interface ObservedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Same token, same number; the token itself is not kept. */
  readonly token: number;
}

export interface Observations {
  readonly requests: readonly ObservedRequest[];
  /** Starts of the bundled action, in order: one for each job that ran. */
  readonly actionStarts: readonly number[];
  /** The highest resident size of this process, in bytes. */
  readonly peakBytes: number;
}

const requests: ObservedRequest[] = [];
const actionStarts: number[] = [];
const tokens = new Map<string, number>();

function tokenNumber(authorization = ""): number {
  const known = tokens.get(authorization) ?? tokens.size;
  tokens.set(authorization, known);
  return known;
}

function noteRequest(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  const { method = "", url = "", headers } = request;
  const [path = ""] = url.split("?");
  requests.push({ at: Date.now(), method, path, token: tokenNumber(headers.authorization) });
}

/** The channel tells of the process before its arguments are known. */
function noteProcess(message: unknown): void {
  const { process: child } = message as { process: ChildProcess };
  const at = Date.now();
  queueMicrotask(() => {
    if (child.spawnargs?.some((word) => word.endsWith("dist/action.js"))) actionStarts.push(at);
  });
}

// Worker threads load this file too; what they serve is the store behind the embedded GitHub, not GitHub.
if (isMainThread) {
  const target = new URL(import.meta.url).searchParams.get("out");
  if (target === null) throw new Error("Expected `?out=<file>` in the address of this module, found none.");
  subscribe("http.server.request.start", noteRequest);
  subscribe("child_process", noteProcess);
  process.on("exit", () => {
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    writeFileSync(target, JSON.stringify({ requests, actionStarts, peakBytes } satisfies Observations));
  });
}
