// The parts of a manifest that belong to the test runner: taken from base, while the rest of the file stays head's. Pure.
import * as z from "zod";

const runnerKeys = ["jest", "mocha", "ava", "tap", "vitest", "c8", "nyc", "babel"];
const objectSchema = z.record(z.string(), z.unknown());
type Json = Readonly<Record<string, unknown>>;

function parseObject(text: string | undefined): Json | undefined {
  try {
    return objectSchema.parse(JSON.parse(text ?? ""));
  } catch {
    // No JSON object: nothing can be taken from it, and nothing put into it.
    return undefined;
  }
}

export interface MergedManifest {
  /** Head's text with base's sections in it. */
  readonly text: string;
  /** What differed, by name. */
  readonly changed: readonly string[];
}

const scriptsOf = (manifest: Json): Json => objectSchema.safeParse(manifest.scripts).data ?? {};

/** A script that base does not have changes nothing of how its tests are run, unless the package manager runs it by itself. */
function changedScripts(before: Json, after: Json): string[] {
  const hooks = ["pretest", "posttest"];
  const names = [...Object.keys(before), ...hooks.filter((name) => Object.hasOwn(after, name))];
  return [...new Set(names)].filter((name) => before[name] !== after[name]).map((name) => `scripts.${name}`);
}

function mergePackage(base: string, head: string): MergedManifest | undefined {
  const [before, after] = [parseObject(base), parseObject(head)];
  if (!before || !after) return undefined;
  const differs = (key: string) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  const sections = runnerKeys.filter(differs);
  const changed = [...changedScripts(scriptsOf(before), scriptsOf(after)), ...sections];
  if (changed.length === 0) return undefined;
  const own = Object.entries(after).filter(([key]) => key !== "scripts" && !sections.includes(key));
  const taken = ["scripts", ...sections].filter((key) => Object.hasOwn(before, key));
  const merged = {
    ...Object.fromEntries(own),
    ...Object.fromEntries(taken.map((key) => [key, before[key]])),
  };
  return { text: `${JSON.stringify(merged, null, 2)}\n`, changed };
}

const pythonSection = /^\[(?:tool[.:](?:pytest|coverage)\b|coverage:)/;

/** Sections of a TOML or INI file: the header's line with what stands below it. */
function sectionsOf(text: string): string[] {
  return text.split(/^(?=\[)/m);
}

function mergeSections(base: string, head: string): MergedManifest | undefined {
  const isRunners = (section: string) => pythonSection.test(section);
  const [before, after] = [sectionsOf(base).filter(isRunners), sectionsOf(head).filter(isRunners)];
  const plain = (sections: readonly string[]) => sections.map((section) => section.trim()).join("\n");
  if (plain(before) === plain(after)) return undefined;
  const rest = sectionsOf(head).filter((section) => !isRunners(section));
  const text = [...rest, ...before].map((section) => `${section.trimEnd()}\n`).join("\n");
  return { text, changed: ["the runner's sections"] };
}

/** `undefined` where the file is no manifest that is known, or where its sections are the same. */
export function mergeManifest(path: string, base: string, head: string): MergedManifest | undefined {
  const name = path.split("/").at(-1);
  if (name === "package.json") return mergePackage(base, head);
  return name === "pyproject.toml" || name === "setup.cfg" ? mergeSections(base, head) : undefined;
}
