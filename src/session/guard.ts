// The one way from the model to a tool: validates the input, limits the time, counts, redacts, cuts the output to head
// and tail with the whole of it in a file, keeps the transcript. What a tool does is handed in.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { ModelTool, ToolResult } from "../ports.ts";
import { type Tool, toInputSchema } from "../tools/types.ts";
import type { Transcript } from "./transcript.ts";

export interface GuardOptions {
  readonly redact: (text: string) => string;
  readonly transcript: Transcript;
  /** Folder outside the change set that the tool host can read; made when needed. */
  readonly spillDir: string;
  readonly signal: AbortSignal;
  /** Of one call. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** Of one result as the model sees it. Default 8000. */
  readonly maxCharacters?: number;
}

export interface CallLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Guard {
  /** `run` gets validated input; what it throws becomes an error result, since one tool may not end a session. */
  offer<Schema extends z.ZodType>(
    tool: Tool<Schema>,
    run: (input: z.output<Schema>, limits: CallLimits) => Promise<ToolResult>,
  ): ModelTool;
  /** Said to the model at the end of the next result. */
  notify(text: string): void;
  calls(): number;
  /** Characters of results since last asked: what tools add to the next request. */
  takeResultCharacters(): number;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const DEFAULT_MAX_CHARACTERS = 8_000;
const HEAD_SHARE = 0.6;

export function createGuard(options: GuardOptions): Guard {
  const notices: string[] = [];
  let calls = 0;
  let resultCharacters = 0;

  async function finish(name: string, result: ToolResult): Promise<ToolResult> {
    const whole = options.redact(result.text);
    const shown = await capOutput(whole, { options, name: `${calls}-${name}.txt` });
    const text = [shown === "" ? "(no output)" : shown, ...notices.splice(0)].join("\n\n");
    resultCharacters += text.length;
    options.transcript.add("result", { tool: name, isError: result.isError, text: whole.slice(0, 100_000) });
    return { text, isError: result.isError };
  }

  return {
    offer: (tool, run) => ({
      name: tool.name,
      description: tool.description,
      inputSchema: toInputSchema(tool.schema),
      async run(input) {
        calls += 1;
        options.transcript.add("call", { tool: tool.name, input });
        const parsed = tool.schema.safeParse(input);
        if (!parsed.success) return finish(tool.name, invalid(tool, parsed.error));
        return finish(tool.name, await runLimited((limits) => run(parsed.data, limits), tool.name, options));
      },
    }),
    notify: (text) => void notices.push(`[harness] ${text}`),
    calls: () => calls,
    takeResultCharacters() {
      const taken = resultCharacters;
      resultCharacters = 0;
      return taken;
    },
  };
}

function invalid(tool: Tool, error: z.ZodError): ToolResult {
  const example = JSON.stringify(tool.example).slice(0, 500);
  return {
    text: `${tool.name}: the input is not as expected:\n${z.prettifyError(error)}\nExample: ${example}`,
    isError: true,
  };
}

/** The tool's own limit comes first; this one is for a tool that does not keep it. */
async function runLimited(
  run: (limits: CallLimits) => Promise<ToolResult>,
  name: string,
  options: GuardOptions,
): Promise<ToolResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeUp = new AbortController();
  const signal = AbortSignal.any([options.signal, timeUp.signal]);
  const gone = Promise.withResolvers<ToolResult>();
  const timer = setTimeout(() => {
    timeUp.abort();
    gone.resolve({
      text: `${name}: expected to end within ${timeoutMs} ms, it did not; do less at once`,
      isError: true,
    });
  }, timeoutMs + 2_000);
  const onAbort = () => gone.resolve({ text: `${name}: the session was ended`, isError: true });
  options.signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (options.signal.aborted) onAbort();
    return await Promise.race([run({ timeoutMs, signal }), gone.promise]);
  } catch (error) {
    return {
      text: `${name}: failed: ${error instanceof Error ? error.message : String(error)}`,
      isError: true,
    };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", onAbort);
  }
}

async function capOutput(text: string, at: { options: GuardOptions; name: string }): Promise<string> {
  const max = at.options.maxCharacters ?? DEFAULT_MAX_CHARACTERS;
  if (text.length <= max) return text;
  await mkdir(at.options.spillDir, { recursive: true });
  const file = join(at.options.spillDir, at.name);
  await writeFile(file, text);
  const head = Math.floor(max * HEAD_SHARE);
  const left = text.length - max;
  const note = `[… ${left} characters left out; the whole output is in ${file}: look with \`grep\` or \`sed -n\` in bash …]`;
  return `${text.slice(0, head)}\n${note}\n${text.slice(text.length - (max - head))}`;
}
