// The generated parts of the documents: writes them between their markers, or with `--check` names the stale ones.
// What stands around them is written by hand. It imports no file that needs GitHub's own packages.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { frameKinds } from "../src/frames/index.ts";
import { gates } from "../src/gates/index.ts";
import { commandLineOptions, commandLineTable } from "./docs/command-line.ts";
import { configurationTable } from "./docs/configuration.ts";
import { registryBlocks } from "./docs/registries.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

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
  return new Map([
    ...registryBlocks,
    ["cli", commandLineTable],
    ["cli-options", commandLineOptions],
    ["configuration", configurationTable],
  ]);
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
