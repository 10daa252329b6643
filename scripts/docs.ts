// The generated parts of the documents: writes them between their markers, or with `--check` names the stale ones.
// What stands around them is written by hand. It imports no file that needs GitHub's own packages.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { commands } from "../src/commands/index.ts";
import { configSchema } from "../src/core/config.ts";
import { Problem, problemCodes } from "../src/core/problem.ts";
import { frameKinds } from "../src/frames/index.ts";
import type { FrameKind } from "../src/frames/types.ts";
import { gates } from "../src/gates/index.ts";
import { tools } from "../src/tools/index.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Keys that the schema knows and nothing reads yet, each with what the source would hold if something did. */
export const unreadKeys: Readonly<Record<string, RegExp>> = {
  pen: /config\.pen\b/,
  "models.second": /models\.second\b/,
  "network.allow": /network\.allow\b/,
  "frame.keep": /frame\.keep\b/,
};

/** Every Markdown file of the project that people read, from the root, in order. */
export function documentPaths(): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  const below = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name));
  return [...top, ...below].sort();
}

/** Pages that a registry's entry must have, with the text of one that is made anew. */
function requiredPages(): Map<string, string> {
  const page = (folder: string, name: string): [string, string] => [
    join("docs", `${folder}s`, `${name}.md`),
    `# ${folder[0]?.toUpperCase()}${folder.slice(1)}: ${name}\n\n${openMark(`${folder}-${name}`)}\n${closeMark}\n`,
  ];
  return new Map([
    ...frameKinds.map(({ name }) => page("frame", name)),
    ...gates.map(({ name }) => page("gate", name)),
  ]);
}

const closeMark = "<!-- /generated -->";
const openMark = (name: string) => `<!-- generated:${name} -->`;
const blockPattern = /<!-- generated:([\w-]+) -->\n[\s\S]*?<!-- \/generated -->/g;

/** The document as it should be. Throws an `Error` for a marker that no block has. */
export function refresh(text: string, blocks: ReadonlyMap<string, () => string>): string {
  return text.replace(blockPattern, (_, name: string) => {
    const block = blocks.get(name);
    if (!block)
      throw new Error(
        `Expected one of the blocks ${[...blocks.keys()].join(", ")}, found \`${name}\`; correct the marker.`,
      );
    return `${openMark(name)}\n${block().trim()}\n${closeMark}`;
  });
}

/** Documents whose text differs from what it should be, with that text. */
export function staleDocuments(): Map<string, string> {
  const blocks = allBlocks();
  const stale = new Map<string, string>();
  const required = requiredPages();
  for (const path of new Set([...documentPaths(), ...required.keys()])) {
    const full = join(root, path);
    const found = existsSync(full) ? readFileSync(full, "utf8") : undefined;
    const wanted = refresh(found ?? required.get(path) ?? "", blocks);
    if (found !== wanted) stale.set(path, wanted);
  }
  return stale;
}

function allBlocks(): Map<string, () => string> {
  return new Map<string, () => string>([
    ["cli", commandLineTable],
    ["cli-options", commandLineOptions],
    ["commands", commandPage],
    [
      "command-table",
      () =>
        table(
          ["command", "does"],
          commands.map((c) => [code(c.usage), c.summary]),
        ),
    ],
    ["configuration", configurationTable],
    [
      "frame-table",
      () =>
        table(
          ["frame", "for"],
          frameKinds.map((f) => [link("frames", f.name), f.summary]),
        ),
    ],
    [
      "gate-table",
      () =>
        table(
          ["gate", "holds when"],
          gates.map((g) => [link("gates", g.name), g.summary]),
        ),
    ],
    ["tool-table", toolTable],
    ["problems", problemTable],
    ...frameKinds.map((kind): [string, () => string] => [`frame-${kind.name}`, () => framePage(kind)]),
    ...gates.map(({ name, summary }): [string, () => string] => [`gate-${name}`, () => `**${summary}**`]),
  ]);
}

/** Cells may hold anything but line feeds; `|` is escaped. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", "<br>")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function fence(language: string, text: string): string {
  return `\`\`\`\`${language}\n${text.trim()}\n\`\`\`\``;
}

/** As seen from the root: only README holds these tables. */
function link(folder: string, name: string): string {
  return `[${name}](docs/${folder}/${name}.md)`;
}

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

function configurationTable(): string {
  const schema: JsonSchema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
  const rows = leaves(schema).map(([key, leaf]) => [
    code(key),
    allowedValues(leaf),
    leaf.default === undefined ? "" : code(JSON.stringify(leaf.default)),
    `${leaf.description ?? ""}${key in unreadKeys ? " *Nothing reads it yet.*" : ""}`.trim(),
  ]);
  return table(["key", "value", "default", "meaning"], rows);
}

/** Keys that hold a value, with their path; what every kind of task may override stands below `kinds.<kind>`. */
function leaves(schema: JsonSchema, path: readonly string[] = []): [string, JsonSchema][] {
  const { properties, additionalProperties } = schema;
  if (properties) return Object.entries(properties).flatMap(([key, each]) => leaves(each, [...path, key]));
  if (typeof additionalProperties !== "object") return [[path.join("."), schema]];
  const inner = leaves(additionalProperties, [...path, "<kind>"]);
  const { description } = schema;
  return inner.map(([key, each]) => [key, { ...(description ? { description } : {}), ...each }]);
}

function allowedValues({ type, enum: names, anyOf, items, minimum, maximum }: JsonSchema): string {
  if (names) return names.map(code).join(" or ");
  if (anyOf) return anyOf.map(allowedValues).join(" or ");
  if (type === "array") return `list of ${items?.type ?? "value"}s`;
  const largest = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const limits = [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(largest === undefined ? [] : [`up to ${largest}`]),
  ];
  return [type === "null" ? "`null`" : (type ?? "value"), ...limits].join(" ");
}

function commandPage(): string {
  const section = ({ name, usage, summary, example }: (typeof commands)[number]) =>
    `## ${code(`/${name}`)}\n\n${summary}\n\n${fence("text", usage)}\n\nA comment, and the ledger entry it adds (${code(example.adds)}):\n\n${fence("text", example.comment)}`;
  return commands.map(section).join("\n\n");
}

function framePage({ summary, names, proof, rules, example }: FrameKind): string {
  const request = example.request;
  return [
    `**${summary}**`,
    `People may call it: ${names.map(code).join(", ")}. An item is proved by ${proof}.`,
    `Rules of the session:\n\n${rules.map((rule) => `- ${rule}`).join("\n")}`,
    `A request:\n\n${fence("markdown", `# ${request.title}\n\n${request.body}`)}`,
    `Its items, word for word:\n\n${example.items.map((item, at) => `${code(`item-${at + 1}`)}\n\n${fence("text", item)}`).join("\n\n")}`,
    example.uncovered.length === 0
      ? "Every sentence is covered by an item."
      : `Listed as covered by no item: ${example.uncovered.map((text) => `“${text}”`).join(", ")}.`,
  ].join("\n\n");
}

function toolTable(): string {
  return table(
    ["tool", "offered to"],
    tools.map(({ name, roles }) => [code(name), roles.join(", ")]),
  );
}

/** The catalogue's three parts, with the names of the facts where a real message has their values. */
function problemTable(): string {
  const facts = new Proxy<Record<string, string>>({}, { get: (_, name) => `‹${String(name)}›` });
  const rows = problemCodes.map((each) => {
    const { message, exitCode } = new Problem(each, facts);
    const [, expected = "", found = "", todo = ""] =
      /^Expected: (.*)\.\nFound: (.*)\.\nTo do: (.*)\.$/s.exec(message) ?? [];
    return [code(each), String(exitCode), expected, found, todo];
  });
  return table(["code", "exit", "expected", "found", "to do"], rows);
}

/** What `--help` says. Needs `dist/`. */
export function commandHelp(...words: string[]): string {
  const cli = join(root, "dist", "cli.js");
  if (!existsSync(cli)) throw new Error("Expected dist/cli.js, found nothing; run `npm run build` first.");
  return execFileSync(process.execPath, [cli, ...words, "--help"], { encoding: "utf8" });
}

/** Pairs of a term and its explanation from one section of commander's help. */
export function helpTerms(help: string, section: "Commands" | "Options"): [string, string][] {
  const lines = help.split(`\n${section}:\n`)[1]?.split("\n\n")[0]?.split("\n") ?? [];
  const terms: [string, string][] = [];
  for (const line of lines) {
    const [, term, text = ""] = /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line) ?? [];
    const last = terms.at(-1);
    if (term !== undefined) terms.push([term, text]);
    else if (last) last[1] = `${last[1]} ${line.trim()}`.trim();
  }
  return terms;
}

interface CommandLine {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly [string, string][];
}

function commandLine(): CommandLine[] {
  return helpTerms(commandHelp(), "Commands")
    .map(([term, summary]) => ({ name: term.split(" ")[0] ?? "", summary }))
    .filter(({ name }) => name !== "help")
    .map(({ name, summary }) => {
      const options = helpTerms(commandHelp(name), "Options").filter(([term]) => !term.includes("--help"));
      return { name, summary, options };
    });
}

function commandLineTable(): string {
  const rows = commandLine().map(({ name, summary, options }) => [
    code(`agent-harness ${name}`),
    options.map(([term]) => code(term)).join(" "),
    summary,
  ]);
  return table(["command", "options", "does"], rows);
}

function commandLineOptions(): string {
  return commandLine()
    .map(
      ({ name, summary, options }) =>
        `## ${code(`agent-harness ${name}`)}\n\n${summary}\n\n${table(
          ["option", "meaning"],
          options.map(([term, text]) => [code(term), text]),
        )}`,
    )
    .join("\n\n");
}

function main(isCheck: boolean): void {
  const stale = staleDocuments();
  for (const [path, text] of stale) {
    process.stdout.write(`${isCheck ? "stale" : "written"}: ${path}\n`);
    if (isCheck) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  if (!isCheck || stale.size === 0) return;
  process.stdout.write("To do: run `npx node scripts/docs.ts`.\n");
  process.exitCode = 1;
}

if (import.meta.main) main(process.argv.includes("--check"));
