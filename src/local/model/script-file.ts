// Reads scripts from YAML: files beside them, scripts that extend others. What they may say is in script.ts.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { parseScript, type Script, ScriptError } from "./script.ts";

/**
 * Reads a YAML script. `{file: path}` stands for the text of a file, relative to the script that says it.
 * `extends: path` takes every role that the script does not give itself from another script, and lets a turn
 * `{base: name}` stand for that script's turn of this name; keys beside `base` replace the turn's own.
 * Throws a `ScriptError` with the path, what was expected and what was found.
 */
export async function loadScript(path: string): Promise<Script> {
  return parseScript(await readTree(path, []), path);
}

type Mapping = Readonly<Record<string, unknown>>;

/** Rewrites one mapping, or gives `undefined` to leave it and look inside. */
type Rewrite = (mapping: Mapping, path: readonly string[]) => unknown;

async function readTree(path: string, extendedBy: readonly string[]): Promise<unknown> {
  const file = resolve(path);
  if (extendedBy.includes(file))
    throw new ScriptError(path, ["extends: expected another script, found a circle"]);
  const tree = await rewrite(await readYaml(file), (mapping, at) => fileText(mapping, { script: file, at }));
  if (!isMapping(tree) || tree.extends === undefined) return tree;
  const { extends: base, ...own } = tree;
  if (typeof base !== "string") throw new ScriptError(path, ["extends: expected the path of a script"]);
  const inherited = await readTree(resolve(dirname(file), base), [...extendedBy, file]);
  const turns = namedTurns(inherited);
  const filled = await rewrite(own, (mapping, at) => baseTurn(mapping, { script: file, at, turns }));
  return { ...(isMapping(inherited) ? inherited : {}), ...(isMapping(filled) ? filled : {}) };
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parseYaml(await readFile(file, "utf8"), { merge: true });
  } catch (cause) {
    throw new ScriptError(file, [`expected readable YAML, found: ${String(cause)}`], { cause });
  }
}

async function rewrite(value: unknown, change: Rewrite, path: readonly string[] = []): Promise<unknown> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((entry, index) => rewrite(entry, change, [...path, String(index)])));
  }
  if (!isMapping(value)) return value;
  const changed = await change(value, path);
  if (changed !== undefined) return changed;
  const entries = Object.entries(value).map(
    async ([key, entry]) => [key, await rewrite(entry, change, [...path, key])] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function fileText(
  mapping: Mapping,
  from: { script: string; at: readonly string[] },
): Promise<string | undefined> {
  const path = onlyText(mapping, "file");
  if (path === undefined) return undefined;
  try {
    return await readFile(resolve(dirname(from.script), path), "utf8");
  } catch (cause) {
    const problem = `${from.at.join(".")}: expected a readable file beside the script, found none at \`${path}\``;
    throw new ScriptError(from.script, [problem], { cause });
  }
}

function baseTurn(
  mapping: Mapping,
  from: { script: string; at: readonly string[]; turns: ReadonlyMap<string, Mapping> },
): unknown {
  const { base: name, ...own } = mapping;
  if (typeof name !== "string" || from.at.at(-2) !== "turns") return undefined;
  const turn = from.turns.get(name);
  if (turn) return { ...turn, ...own };
  const known = [...from.turns.keys()].join(", ") || "none";
  throw new ScriptError(from.script, [
    `${from.at.join(".")}: expected the name of a turn in the extended script (${known}), found \`${name}\``,
  ]);
}

function namedTurns(tree: unknown): Map<string, Mapping> {
  const turns = new Map<string, Mapping>();
  for (const role of Object.values(isMapping(tree) ? tree : {})) {
    for (const conversation of Array.isArray(role) ? role : []) {
      for (const turn of Array.isArray(conversation?.turns) ? conversation.turns : []) {
        if (isMapping(turn) && typeof turn.name === "string") turns.set(turn.name, turn);
      }
    }
  }
  return turns;
}

/** The text of a mapping that holds this key and nothing else. */
function onlyText(mapping: Mapping, key: string): string | undefined {
  const value = Object.keys(mapping).length === 1 ? mapping[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
