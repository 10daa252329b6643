// The tools that run in the tool host, offered through the guard: which may be called now is asked each time. Notes
// what was read, since only that may be cited.
import { basename, isAbsolute, posix, relative } from "node:path";
import type { ModelTool, ToolHost, ToolResult } from "../ports.ts";
import { bash } from "../tools/bash.ts";
import { edit } from "../tools/edit.ts";
import { glob } from "../tools/glob.ts";
import { grep } from "../tools/grep.ts";
import { read } from "../tools/read.ts";
import type { Tool } from "../tools/types.ts";
import { write } from "../tools/write.ts";
import type { CallLimits, Guard } from "./guard.ts";

export interface HostToolsOptions {
  readonly guard: Guard;
  readonly host: () => ToolHost;
  /** The author's and the verifier's hosts have no `write` and `edit`. */
  readonly canChange: boolean;
  /** Why the tool may not be called now. */
  readonly refusal?: (tool: string) => string | undefined;
  readonly onRead?: (filePath: string) => void;
  /** Told of each command that ended, with what it printed. */
  readonly onCommand?: (command: string, printed: string) => void;
  /** Told after each call that may have changed the tree. */
  readonly onChange?: () => void;
}

const BASH_DEFAULT_MS = 120_000;
const BASH_MAX_MS = 600_000;
const FILE_TOOL_MS = 60_000;

export function offerHostTools(options: HostToolsOptions): ModelTool[] {
  const { guard } = options;
  const offered = [
    guard.offer(bash, async (input, limits) => {
      const timeoutMs = Math.min(Math.max(input.timeout_ms ?? BASH_DEFAULT_MS, 1), BASH_MAX_MS);
      const result = await callHost(options, { tool: bash, input, limits, timeoutMs });
      if (input.command !== undefined) options.onCommand?.(input.command.trim(), result.text);
      return result;
    }),
    guard.offer(read, async (input, limits) => {
      const result = await callHost(options, { tool: read, input, limits });
      if (!result.isError) options.onRead?.(input.file_path);
      return result;
    }),
    guard.offer(write, (input, limits) => callHost(options, { tool: write, input, limits })),
    guard.offer(edit, (input, limits) => callHost(options, { tool: edit, input, limits })),
    guard.offer(glob, (input, limits) => callHost(options, { tool: glob, input, limits })),
    guard.offer(grep, (input, limits) => callHost(options, { tool: grep, input, limits })),
  ];
  return offered.filter(({ name }) => options.canChange || (name !== "write" && name !== "edit"));
}

interface HostCall {
  readonly tool: Tool;
  readonly input: unknown;
  readonly limits: CallLimits;
  readonly timeoutMs?: number;
}

async function callHost(
  options: HostToolsOptions,
  { tool, input, limits, timeoutMs = FILE_TOOL_MS }: HostCall,
): Promise<ToolResult> {
  const refusal = options.refusal?.(tool.name);
  if (refusal !== undefined) return { text: `${tool.name}: ${refusal}`, isError: true };
  const result = await options.host().call(tool.name, input, {
    timeoutMs: Math.min(timeoutMs, limits.timeoutMs),
    signal: limits.signal,
  });
  if (["bash", "write", "edit"].includes(tool.name)) options.onChange?.();
  return result;
}

/** A path as the model wrote it, relative to the tree; also one of the private copy that a read-only host works on. */
export function toTreePath(workspace: string, path: string): string {
  if (!isAbsolute(path)) return posix.normalize(path).replace(/^\.\//, "");
  const inside = relative(workspace, path);
  if (!inside.startsWith("..")) return inside;
  const mark = `/${basename(workspace)}/`;
  const at = path.indexOf(mark);
  return at === -1 ? path : path.slice(at + mark.length);
}
