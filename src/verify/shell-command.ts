// Reads a test command just far enough to find its last simple command: `npm test` is followed into base's package.json.
import type { Command } from "../core/frame.ts";

/** `VAR=x program rest`, texts as the shell would get them. */
export interface SimpleCommand {
  readonly prefix: string;
  readonly program: string;
  /** Begins with white space, or is empty. */
  readonly rest: string;
}

export interface ResolvedCommand {
  /** Commands that come first and count by exit code, joined by `&&`; may be empty. */
  readonly before: readonly string[];
  /** `undefined`: too much shell for us to change anything in it. */
  readonly last: SimpleCommand | undefined;
  /** The last command as it stands. */
  readonly lastText: string;
}

export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Splits at `&&` outside quotes. `undefined` when another operator is there. */
function splitAtAnd(text: string): string[] | undefined {
  const parts: string[] = [""];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote === "" && text.startsWith("&&", at)) {
      parts.push("");
      at++;
      continue;
    }
    if (quote === "" && char === "\\") {
      parts.push(`${parts.pop() ?? ""}${text.slice(at, at + 2)}`);
      at++;
      continue;
    }
    if (quote === "" && /[;|&<>\n()]/.test(char)) return undefined;
    if (quote !== "'" && /[`$]/.test(char)) return undefined;
    if (quote === "" && /["']/.test(char)) quote = char;
    else if (char === quote) quote = "";
    parts.push(`${parts.pop() ?? ""}${char}`);
  }
  return quote === "" ? parts.map((part) => part.trim()) : undefined;
}

function simpleCommand(text: string): SimpleCommand | undefined {
  const match = /^((?:[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|[^\s'"]*)\s+)*)([^\s'"=]+)((?:\s[\s\S]*)?)$/.exec(text);
  const [, prefix, program, rest] = match ?? [];
  if (prefix === undefined || program === undefined || rest === undefined) return undefined;
  return { prefix, program, rest };
}

/** The script a package manager's command runs, with the words handed on to it. */
function scriptOf({ program, rest }: SimpleCommand): { name: string; more: string } | undefined {
  if (!/^(?:npm|pnpm|yarn)$/.test(program)) return undefined;
  const match =
    /^(?:\s+(?:-s|--silent))*\s+(?:(?:run|run-script)(?:\s+(?:-s|--silent))*\s+([\w:.-]+)|(test|t|tst))(?:\s+(?:-s|--silent))*(?:\s+--(?=\s|$)(.*)|\s+(.+))?$/.exec(
      rest,
    );
  if (!match || (program === "npm" && match[4] !== undefined)) return undefined;
  const name = match[1] ?? "test";
  return { name, more: (match[3] ?? match[4] ?? "").trim() };
}

/** `sh -c TEXT` is taken for its text. */
function textOf(command: Command): string {
  if (typeof command === "string") return command.trim();
  const [shell = "", flag = "", text, ...more] = command;
  const isShell = /^(?:\/bin\/)?(?:ba|da)?sh$/.test(shell) && flag === "-c";
  return isShell && text !== undefined && more.length === 0 ? text : command.map(quoted).join(" ");
}

const deepestScript = 5;

/** `scripts` are those of base's package.json: what the change wrote into its own is not run by name. */
export function resolveCommand(
  command: Command,
  scripts: Readonly<Record<string, string>>,
  depth = 0,
): ResolvedCommand {
  const text = textOf(command);
  const parts = splitAtAnd(text);
  if (!parts) return { before: [], last: undefined, lastText: text };
  const lastText = parts.pop() ?? "";
  const last = simpleCommand(lastText);
  const script = last === undefined ? undefined : scriptOf(last);
  const body =
    script === undefined || !Object.hasOwn(scripts, script.name) ? undefined : scripts[script.name];
  if (!script || body === undefined || depth >= deepestScript) return { before: parts, last, lastText };
  const pre = scripts[`pre${script.name}`];
  const inner = resolveCommand(`${last?.prefix ?? ""}${body} ${script.more}`, scripts, depth + 1);
  return { ...inner, before: [...parts, ...(pre === undefined ? [] : [pre]), ...inner.before] };
}
