// Owns the lines that pass between the tool host and its client: one JSON object a line, both ways.

/** First line to the host. Replies carry `key`, which a command that writes to the host's output does not know. */
export interface Hello {
  readonly key: string;
  readonly workspace: string;
}

export interface CallRequest {
  readonly id: number;
  readonly tool: string;
  readonly input: unknown;
  readonly timeoutMs: number;
}

export interface CancelRequest {
  readonly cancel: number;
}

/** Id 0 says that the host is ready. */
export interface Reply {
  readonly key: string;
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
}

/** What the model must know where its shell did not survive a call. */
export const SHELL_RESTARTED =
  "The shell was restarted: its directory, variables and background processes are lost.";

export const READY_ID = 0;
/** UTF-8 bytes of one result; the caller cuts further. */
export const MAX_RESULT_BYTES = 200_000;
/** A line of a result that JSON had to escape throughout. */
export const MAX_LINE_BYTES = 8 * MAX_RESULT_BYTES;

/** Splits a stream into lines. `onOverflow` is called, once, where a line exceeds `maxBytes`. */
export function readLines(
  stream: NodeJS.ReadableStream,
  options: { maxBytes: number; onLine: (line: string) => void; onOverflow?: () => void },
): void {
  let parts: Buffer[] = [];
  let size = 0;
  let isOver = false;
  stream.on("data", (chunk: Buffer) => {
    if (isOver) return;
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)]).toString("utf8");
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
      options.onLine(line);
    }
    parts.push(rest);
    size += rest.length;
    if (size <= options.maxBytes) return;
    isOver = true;
    parts = [];
    options.onOverflow?.();
  });
}

/** `undefined` for anything that is not an object in JSON. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
