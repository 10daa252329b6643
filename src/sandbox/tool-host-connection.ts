// Owns one running tool host: the greeting, matching replies to calls, the backstop for a host that hangs.
// Order of calls and starting again are tool-host-client.ts's.

import { randomBytes } from "node:crypto";
import type { ToolResult } from "../ports.ts";
import type { Confined } from "./confinement.ts";
import { createOutputCap } from "./output-cap.ts";
import {
  type CallRequest,
  type CancelRequest,
  type Hello,
  MAX_LINE_BYTES,
  parseObject,
  READY_ID,
  readLines,
} from "./tool-host-protocol.ts";

export interface HostCall {
  readonly tool: string;
  readonly input: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface HostConnection {
  isAlive(): boolean;
  /** `undefined` where the host ended, or had to be ended, before it answered. */
  call(request: HostCall): Promise<ToolResult | undefined>;
  end(): Promise<void>;
  blocked(): readonly string[];
}

const START_TIMEOUT_MS = 30_000;
/** The host times its tools itself; one that is this much later hangs. */
const BACKSTOP_MS = 5_000;

type Settle = (result: ToolResult | undefined) => void;

interface Wire {
  readonly waiting: Map<number, Settle>;
  readonly isAlive: () => boolean;
  readonly send: (message: Hello | CallRequest | CancelRequest) => void;
  readonly end: () => Promise<void>;
}

/** Resolves when the host is ready. Throws, with what it printed, where it ends or stays silent instead. */
export async function connectToolHost(
  start: () => Promise<Confined>,
  workspace: string,
): Promise<HostConnection> {
  const confined = await start();
  const key = randomBytes(16).toString("hex");
  const errors = createOutputCap(4_000);
  const wire = openWire(confined, key, (chunk) => errors.add(chunk));
  const ready = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), START_TIMEOUT_MS);
    wire.waiting.set(READY_ID, (result) => {
      clearTimeout(timer);
      resolve(result !== undefined);
    });
    wire.send({ key, workspace });
  });
  if (!ready) {
    await wire.end();
    throw new Error(
      `Expected the tool host to say that it is ready, found it ended or silent: ${errors.read().text.trim() || "no message"}`,
    );
  }
  let lastId = READY_ID;
  return {
    isAlive: wire.isAlive,
    end: wire.end,
    blocked: confined.blocked,
    call(request) {
      lastId += 1;
      return callHost(wire, lastId, request);
    },
  };
}

function openWire(confined: Confined, key: string, onError: (chunk: Buffer) => void): Wire {
  const { child } = confined;
  const waiting = new Map<number, Settle>();
  let isAlive = true;
  const over = () => {
    isAlive = false;
    for (const settle of waiting.values()) settle(undefined);
    waiting.clear();
  };
  const end = async () => {
    over();
    await confined.end();
    for (const stream of [child.stdin, confined.output, child.stderr]) stream?.destroy();
  };
  void confined.exited.then(over, over);
  child.stderr?.on("data", onError);
  // A host that has died is told by `exited`; writing to it must not end this process.
  child.stdin?.on("error", () => undefined);
  readLines(confined.output, {
    maxBytes: MAX_LINE_BYTES,
    onLine(line) {
      const reply = parseObject(line);
      // Anything that runs in there may write to the host's output: without the key it is not a reply.
      if (reply?.key !== key || typeof reply.id !== "number") return;
      const settle = waiting.get(reply.id);
      waiting.delete(reply.id);
      settle?.({ text: String(reply.text), isError: reply.isError !== false });
    },
    onOverflow: () => void end(),
  });
  const send = (message: Hello | CallRequest | CancelRequest) => {
    if (isAlive) child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  return { waiting, isAlive: () => isAlive, send, end };
}

async function callHost(wire: Wire, id: number, request: HostCall): Promise<ToolResult | undefined> {
  if (!wire.isAlive()) return undefined;
  const { tool, input, timeoutMs, signal } = request;
  const answer = new Promise<ToolResult | undefined>((resolve) => wire.waiting.set(id, resolve));
  let backstop = setTimeout(() => void wire.end(), timeoutMs + BACKSTOP_MS);
  const cancel = () => {
    wire.send({ cancel: id });
    clearTimeout(backstop);
    backstop = setTimeout(() => void wire.end(), BACKSTOP_MS);
  };
  signal?.addEventListener("abort", cancel, { once: true });
  wire.send({ id, tool, input, timeoutMs });
  try {
    return await answer;
  } finally {
    clearTimeout(backstop);
    signal?.removeEventListener("abort", cancel);
  }
}
