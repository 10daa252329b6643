// The program inside the sandbox: holds the SDK's toolset on the workspace and answers calls, one JSON object a line.
// Order of calls, restarts and the read-only rule are the client's.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { type AgentToolContext, betaAgentToolset20260401 } from "@anthropic-ai/sdk/tools/agent-toolset/node";
import { startRelay } from "./egress/relay.ts";
import { capText } from "./output-cap.ts";
import {
  MAX_RESULT_BYTES,
  parseObject,
  READY_ID,
  type Reply,
  readLines,
  SHELL_RESTARTED,
} from "./tool-host-protocol.ts";
import { GUARDED_NAMES } from "./workspace-guard.ts";

type Tool = ReturnType<typeof betaAgentToolset20260401>[number];
type Outcome = Pick<Reply, "text" | "isError">;
type Message = Readonly<Record<string, unknown>>;

const MAX_REQUEST_BYTES = 64 * 1024 * 1024;
/** After these the toolset throws its shell away; it does not say so. */
const SHELL_LOST = /^bash: (bash command timed out|bash session terminated|this operation was aborted)/i;
const SYNTAX_CHECK_MS = 5_000;

await serve();

async function serve(): Promise<void> {
  const [egressSocket] = process.argv.slice(2);
  if (egressSocket !== undefined) await startRelay(egressSocket);
  let session: Session | undefined;
  readLines(process.stdin, {
    maxBytes: MAX_REQUEST_BYTES,
    onLine(line) {
      const message = parseObject(line);
      if (message === undefined) return;
      if (session) session.take(message);
      else session = openSession(message);
    },
    onOverflow: () => process.exit(1),
  });
  process.stdin.on("end", () => process.exit(0));
}

interface Session {
  take(message: Message): void;
}

function openSession(hello: Message): Session {
  const key = String(hello.key);
  const workdir = String(hello.workspace);
  const context: AgentToolContext = {
    workdir,
    readOnlyRoots: GUARDED_NAMES.map((name) => join(workdir, name)),
  };
  const tools = new Map(
    betaAgentToolset20260401(context).map((tool) => ["name" in tool ? tool.name : "", tool]),
  );
  const running = new Map<number, AbortController>();
  const reply = (id: number, outcome: Outcome) => {
    const line: Reply = { key, id, text: capText(outcome.text, MAX_RESULT_BYTES), isError: outcome.isError };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  reply(READY_ID, { text: "", isError: false });
  return {
    take(message) {
      if (typeof message.cancel === "number") running.get(message.cancel)?.abort();
      const id = message.id;
      if (typeof id !== "number") return;
      const abort = new AbortController();
      running.set(id, abort);
      void runTool(tools, message, abort)
        .then((outcome) => reply(id, outcome))
        .finally(() => running.delete(id));
    },
  };
}

/** Never rejects. */
async function runTool(
  tools: ReadonlyMap<string, Tool>,
  message: Message,
  abort: AbortController,
): Promise<Outcome> {
  const name = String(message.tool);
  const timeoutMs = Number(message.timeoutMs);
  const tool = tools.get(name);
  if (!tool)
    return failure(
      `Expected one of the tools ${[...tools.keys()].join(", ")}, found ${JSON.stringify(name)}.`,
    );
  const timeUp = Promise.withResolvers<never>();
  // It may be late before anybody waits for it.
  timeUp.promise.catch(() => undefined);
  // The shell ends a command at its own timeout and says so; this one is for the other tools, and a little later.
  const timer = setTimeout(
    () => {
      abort.abort();
      timeUp.reject(new Error(`${name}: timed out after ${timeoutMs} ms`));
    },
    timeoutMs + (name === "bash" ? 500 : 0),
  );
  try {
    const input: unknown = tool.parse(message.input);
    if (typeof input !== "object" || input === null) return failure(`${name}: expected an object as input`);
    const args = name === "bash" ? shellInput({ ...input }, timeoutMs) : input;
    const problem = name === "bash" ? await syntaxProblem(args) : undefined;
    if (problem !== undefined) return failure(problem);
    const content = await Promise.race([
      tool.run(args, { ...NO_TOOL_USE, signal: abort.signal }),
      timeUp.promise,
    ]);
    return { text: textOf(content), isError: false };
  } catch (error) {
    const text = error instanceof Error && "content" in error ? textOf(error.content) : String(error);
    return failure(name === "bash" && SHELL_LOST.test(text) ? `${text}\n${SHELL_RESTARTED}` : text);
  } finally {
    clearTimeout(timer);
  }
}

/** The toolset reads only the signal of its context; the rest belongs to the loop outside. */
const NO_TOOL_USE = ((use) => ({ toolUse: use, toolUseBlock: use }))({
  type: "tool_use" as const,
  id: "tool-host",
  name: "tool-host",
  input: {},
});

function shellInput(input: Record<string, unknown>, timeoutMs: number): Record<string, unknown> {
  const asked = Number(input.timeout_ms);
  return { ...input, timeout_ms: asked > 0 ? Math.min(asked, timeoutMs) : timeoutMs };
}

/**
 * The persistent shell reads commands from a pipe: an open quote or here-document would swallow all that follows and
 * end only at the timeout. Checked as the toolset wraps it.
 */
async function syntaxProblem(input: object): Promise<string | undefined> {
  const command = "command" in input ? input.command : undefined;
  if (typeof command !== "string") return undefined;
  const args = ["--noprofile", "--norc", "-O", "extglob", "-n", "-c", `{ ${command}\n} </dev/null`];
  return new Promise((resolve) => {
    execFile("/bin/bash", args, { timeout: SYNTAX_CHECK_MS }, (error, _stdout, stderr) => {
      resolve(
        error && typeof error.code === "number"
          ? `bash: the command was not run: ${stderr.trim()}`
          : undefined,
      );
    });
  });
}

function failure(text: string): Outcome {
  return { text, isError: true };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return JSON.stringify(content) ?? "";
  return content.map((block: unknown) => textOfBlock(block)).join("\n");
}

function textOfBlock(block: unknown): string {
  return typeof block === "object" && block !== null && "text" in block
    ? String(block.text)
    : JSON.stringify(block);
}
