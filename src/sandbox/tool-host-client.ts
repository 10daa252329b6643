// Owns the session's tool host as the loop outside sees it: order of calls, a host that died is started again, and what
// read-only means. The wire is tool-host-connection.ts's, the tools are the SDK's.

import type { ToolHost, ToolResult } from "../ports.ts";
import type { Confined } from "./confinement.ts";
import type { ThrowAwayCopy } from "./throw-away-copy.ts";
import { connectToolHost, type HostCall, type HostConnection } from "./tool-host-connection.ts";
import { SHELL_RESTARTED } from "./tool-host-protocol.ts";

export interface ToolHostOptions {
  /** Starts the program in its confinement; called again after it died. */
  readonly start: () => Promise<Confined>;
  /** As the host sees it: the copy, where there is one. */
  readonly workspace: string;
  readonly readOnly: boolean;
  /** Where the workspace could not be mounted read-only. Owned from here on. */
  readonly copy?: ThrowAwayCopy;
}

/** A whole session's shell counts as one process: the longest job of the runners, in seconds. */
export const TOOL_HOST_CPU_SECONDS = 6 * 3600;

export const DISCARDED_NOTE = "changes were discarded: the workspace is read-only until intake is accepted";

const FILE_CHANGES = new Set(["write", "edit"]);

/** Throws where the host cannot be started the first time; later failures are results of the calls. */
export async function openToolHost(options: ToolHostOptions): Promise<ToolHost> {
  await using setUp = new AsyncDisposableStack();
  if (options.copy) setUp.use(options.copy);
  let connection = await connectToolHost(options.start, options.workspace);
  const owned = setUp.move();
  const queue = createQueue();
  let isClosed = false;
  /** Of hosts that died. */
  const earlier = new Set<string>();

  async function restart(): Promise<void> {
    await connection.end();
    for (const host of connection.blocked()) earlier.add(host);
    if (!isClosed) connection = await connectToolHost(options.start, options.workspace);
  }

  let restarting: Promise<void> | undefined;
  /** Calls that run in parallel find the same host dead: it is started once. */
  function restartOnce(): Promise<void> {
    restarting ??= restart().finally(() => {
      restarting = undefined;
    });
    return restarting;
  }

  async function perform(call: HostCall): Promise<ToolResult> {
    if (isClosed) return failure(`${call.tool}: the tool host is closed`);
    if (call.signal?.aborted) return failure(`${call.tool}: cancelled before it began`);
    const used: HostConnection = connection;
    const result = await used.call(call);
    if (result !== undefined) return result;
    if (isClosed) return failure(`${call.tool}: the tool host was closed`);
    if (connection === used) await restartOnce();
    return failure(`${call.tool}: the tool host ended before it answered. ${SHELL_RESTARTED}`);
  }

  return {
    async call(tool, input, { timeoutMs, signal }) {
      const request = {
        tool,
        input: translate(input, options.copy),
        timeoutMs,
        ...(signal ? { signal } : {}),
      };
      if (options.readOnly && FILE_CHANGES.has(tool)) {
        return failure(`${tool}: refused: the workspace is read-only until intake is accepted`);
      }
      try {
        return await queue(tool, async () => withDiscardNote(options, tool, await perform(request)));
      } catch (error) {
        return failure(`${tool}: the tool host could not be started again: ${String(error)}`);
      }
    },
    blocked: () => [...new Set([...earlier, ...connection.blocked()])],
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await restarting?.catch(() => undefined);
      await connection.end();
      await owned.disposeAsync();
    },
  };
}

/**
 * Changes run one after the other in the order they were asked for; reads run in parallel, but see the files that
 * were written before they were asked for.
 */
function createQueue(): <T>(tool: string, action: () => Promise<T>) => Promise<T> {
  let lastChange: Promise<unknown> = Promise.resolve();
  let lastFileChange: Promise<unknown> = Promise.resolve();
  return (tool, action) => {
    const changesFiles = FILE_CHANGES.has(tool);
    const isChange = changesFiles || tool === "bash";
    const result = (isChange ? lastChange : lastFileChange).then(action);
    const settled = result.catch(() => undefined);
    if (isChange) lastChange = settled;
    if (changesFiles) lastFileChange = settled;
    return result;
  };
}

async function withDiscardNote(
  options: ToolHostOptions,
  tool: string,
  result: ToolResult,
): Promise<ToolResult> {
  if (!options.readOnly || tool !== "bash") return result;
  // A read-only mount refuses, and the command says so; on a copy it is seen by looking.
  const isDiscarded = options.copy
    ? await options.copy.restore()
    : /read-only file system|EROFS/i.test(result.text);
  return isDiscarded ? { ...result, text: `${result.text}\n[${DISCARDED_NOTE}]` } : result;
}

/** Top-level texts of the input only: that is where the tools take paths and commands. */
function translate(input: unknown, copy: ThrowAwayCopy | undefined): unknown {
  if (!copy || typeof input !== "object" || input === null) return input;
  const entries = Object.entries(input).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" ? copy.translate(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function failure(text: string): ToolResult {
  return { text, isError: true };
}
