// Reads a test command just far enough to find the simple commands in it: scripts and make targets are followed into base's own.
import type { Command } from "../core/frame.ts";

/** `VAR=x wrapper program rest`, texts as the shell would get them. */
export interface SimpleCommand {
  /** Assignments and wrappers such as `c8` or `cross-env A=b`; ends with white space, or is empty. */
  readonly prefix: string;
  readonly program: string;
  /** Begins with white space, or is empty. */
  readonly rest: string;
}

export interface ResolvedCommand {
  /** Commands that come first, joined by `&&`; may be empty. */
  readonly before: readonly string[];
  /** `undefined`: too much shell for us to change anything in it. */
  readonly last: SimpleCommand | undefined;
  /** The last command as it stands. */
  readonly lastText: string;
}

export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Programs that only make TAP nicer to read: what they are given is what counts. */
const formatter = /(?<!\|)\|\s*(?:npx\s+)?(?:tap-[\w-]+|faucet|colortape|tnyan)(?:\s+[\w=./-]+)*\s*(?=&&|$)/y;

function formatterAt(text: string, at: number): string | undefined {
  formatter.lastIndex = at;
  return formatter.exec(text)?.[0];
}

/** Splits at `&&` outside quotes. `undefined` when another operator is there, a pipe into a formatter excepted. */
function splitAtAnd(text: string): string[] | undefined {
  const parts: string[] = [""];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const piped = quote === "" ? formatterAt(text, at) : undefined;
    if (piped !== undefined) {
      parts.push(`${parts.pop() ?? ""}${piped}`);
      at += piped.length - 1;
      continue;
    }
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

const assignment = String.raw`[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|[^\s'"]*)\s+`;
const launcher = String.raw`(?:(?:npx|corepack|pnpm|yarn)(?:\s+(?:exec|run|pnpm|yarn|-y|--yes|--no-install|--no|--))*\s+)?`;
const withValue = String.raw`(?:-[rxnoe]|--(?:reporter|exclude|include|src|extension|require|reports?-dir|temp-directory|lines|branches|functions|statements))\s+[^\s-]\S*\s+`;
const coverage = String.raw`(?<!\S)${launcher}(?:[\w./-]*/)?(?:c8|nyc)\s+(?:${withValue}|--?\S+\s+)*`;
const wrapper = new RegExp(
  String.raw`^(?:${coverage}|${launcher}(?:[\w./-]*/)?(?:cross-env|env)\s+(?:${assignment})+)`,
);

/** `undefined`: not one plain command. Wrappers that run the rest of the line count to its prefix; a formatter is left out. */
export function simpleCommand(whole: string): SimpleCommand | undefined {
  const text = whole.replace(new RegExp(`\\s*${formatter.source}`), "");
  const assigned = new RegExp(`^(?:${assignment})*`).exec(text)?.[0] ?? "";
  let prefix = assigned;
  for (let more = "-"; more !== ""; prefix += more) more = wrapper.exec(text.slice(prefix.length))?.[0] ?? "";
  const [, program, rest] = /^([^\s'"=]+)((?:\s[\s\S]*)?)$/.exec(text.slice(prefix.length)) ?? [];
  return program === undefined || rest === undefined ? undefined : { prefix, program, rest };
}

/** A script that a command runs, by its name in `scripts`, with the words handed on to it. */
interface ScriptCall {
  readonly name: string;
  readonly more: string;
}

const quiet = String.raw`(?:\s+(?:-s|--silent))*`;
const managerCall = new RegExp(
  String.raw`^(?:corepack\s+)?(npm|pnpm|yarn)${quiet}\s+(?:(?:run|run-script)${quiet}\s+([\w:.-]+)|([\w:.-]+))${quiet}(?:\s+--(?=\s|$)(.*)|\s+(.+))?$`,
);

function scriptOf(text: string, scripts: Readonly<Record<string, string>>): ScriptCall | undefined {
  const make = /^make\s+(?:-s\s+)?([\w.-]+)$/.exec(text)?.[1];
  if (make !== undefined) return { name: `make ${make}`, more: "" };
  const match = managerCall.exec(text.trim());
  if (!match) return undefined;
  const [, manager, named, word = "", handed, plain] = match;
  if (manager === "npm" && plain !== undefined) return undefined;
  const isTest = /^(?:test|t|tst)$/.test(word);
  // Other managers run a script by its bare name as well.
  const bare = isTest ? "test" : manager !== "npm" && Object.hasOwn(scripts, word) ? word : undefined;
  const name = named ?? bare;
  return name === undefined ? undefined : { name, more: (handed ?? plain ?? "").trim() };
}

/** `sh -c TEXT` is taken for its text. */
function textOf(command: Command): string {
  if (typeof command === "string") return command.trim();
  const [shell = "", flag = "", text, ...more] = command;
  const isShell = /^(?:\/bin\/)?(?:ba|da)?sh$/.test(shell) && flag === "-c";
  return isShell && text !== undefined && more.length === 0 ? text : command.map(quoted).join(" ");
}

const deepestScript = 10;

/** The prefix without what measures coverage. */
export function assignedIn(prefix: string): string {
  return prefix.replace(new RegExp(coverage, "g"), "");
}

/** What is assigned for a script holds for each of its commands; what measures coverage is put to the last alone. */
function withPrefix(prefix: string, body: string): string {
  const parts = splitAtAnd(body);
  if (!parts || prefix === "") return `${prefix}${body}`;
  const last = parts.pop() ?? "";
  return [...parts.map((part) => `${assignedIn(prefix)}${part}`), `${prefix}${last}`].join(" && ");
}

/** A part that stands before the last one, in as many commands as it consists of. */
function flattened(text: string, scripts: Readonly<Record<string, string>>, depth: number): string[] {
  const { before, last, lastText } = resolveCommand(text, scripts, depth);
  return last === undefined ? [text] : [...before, lastText];
}

/**
 * `scripts` are base's, by name, a make target under `make <name>`: what the change wrote into its own is not run by
 * name.
 */
export function resolveCommand(
  command: Command,
  scripts: Readonly<Record<string, string>>,
  depth = 0,
): ResolvedCommand {
  const text = textOf(command);
  const sequence = /^(?:run-s|npm-run-all)((?:\s+[\w:.-]+)+)$/.exec(text)?.[1]?.trim().split(/\s+/);
  const parts = sequence?.map((name) => `npm run ${name}`) ?? splitAtAnd(text);
  if (!parts) return { before: [], last: undefined, lastText: text };
  const lastText = parts.pop() ?? "";
  const before =
    depth >= deepestScript ? parts : parts.flatMap((part) => flattened(part, scripts, depth + 1));
  const last = simpleCommand(lastText);
  const script = last && scriptOf(`${last.program}${last.rest}`, scripts);
  const body = script && Object.hasOwn(scripts, script.name) ? scripts[script.name] : undefined;
  if (!script || body === undefined || depth >= deepestScript) return { before, last, lastText };
  const pre = scripts[`pre${script.name}`];
  const inner = resolveCommand(
    withPrefix(last.prefix, `${body} ${script.more}`.trimEnd()),
    scripts,
    depth + 1,
  );
  const first =
    pre === undefined ? [] : flattened(withPrefix(assignedIn(last.prefix), pre), scripts, depth + 1);
  return { ...inner, before: [...before, ...first, ...inner.before] };
}
