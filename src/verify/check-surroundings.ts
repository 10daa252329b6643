// What a check finds around its own files on the change: base's tests, and nothing put there beforehand. It was written
// at base; a helper, a package file or a hook beside it could make it green whatever the code does.
import { rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Check } from "../core/checks.ts";
import type { Command } from "../core/frame.ts";
import { kindOfPath } from "../gates/change/path-kind.ts";
import { layBaseTests } from "./base-tests.ts";
import { readScripts } from "./scripts.ts";
import { resolveCommand } from "./shell-command.ts";
import { type ChangedTree, type TestSide, testSideOf } from "./test-changes.ts";

export interface CheckSurroundings {
  /** Base's tree on disk. */
  readonly base: string;
  readonly side: Pick<TestSide, "restored" | "removed">;
  /** Paths of tests that a person allows to expect something else. */
  readonly allowed: readonly string[];
}

/** What is a test is told by path and by base's configuration; `test` is the repository's test command. */
export async function findSurroundings(
  change: ChangedTree,
  { base, test, allowed }: { readonly test: Command | null } & Omit<CheckSurroundings, "side">,
): Promise<CheckSurroundings> {
  const command = resolveCommand(test ?? "", await readScripts(base));
  return { base, side: testSideOf(change, command), allowed };
}

interface Asked {
  readonly check: Check;
  /** The request's words and the behaviour. */
  readonly justification: string;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** A check of the tests themselves looks at them as they stand. */
function isAboutTests({ overlay, behaviour }: Check): boolean {
  return overlay.length === 0 || /\b(?:tests?|specs?|suites?|fixtures?|snapshots?)\b/i.test(behaviour);
}

function isNamed(path: string, text: string): boolean {
  return new RegExp(`(?<![\\w.-])${escaped(basename(path))}(?![\\w-])`).test(text);
}

/** As a folder or a package, not as a word of a sentence. */
function isFolderNamed(name: string, text: string): boolean {
  const plain = escaped(name);
  return (
    new RegExp(`[\`"'/]${plain}[\`"'/.]|(?<![\\w-])${plain}/`).test(text) ||
    new RegExp(`\\b(?:package|folder|directory|module|crate|workspace)\\s+${plain}\\b`, "i").test(text)
  );
}

/** The uppermost folder on the way to `path` that base does not have. */
async function newFolder(base: string, path: string): Promise<string | undefined> {
  const parts = dirname(path) === "." ? [] : dirname(path).split("/");
  for (const [index] of parts.entries()) {
    const folder = parts.slice(0, index + 1).join("/");
    const isThere = await stat(join(base, folder)).catch(() => undefined);
    if (!isThere) return folder;
  }
  return undefined;
}

/** `directory` is a copy of head that nobody else uses. What configuration may become is for `scope` to say. */
export async function layCheckSurroundings(
  directory: string,
  { base, side, allowed }: CheckSurroundings,
  { check, justification }: Asked,
): Promise<void> {
  if (isAboutTests(check)) return;
  const isBases = (path: string) =>
    kindOfPath(path) !== "configuration" && !allowed.includes(path) && !isNamed(path, justification);
  await layBaseTests(directory, base, {
    restored: side.restored.filter(isBases),
    removed: side.removed.filter(isBases),
    merged: new Map(),
  });
  for (const path of check.overlay) {
    const folder = await newFolder(base, path);
    if (folder === undefined || isFolderNamed(basename(folder), justification)) continue;
    await rm(join(directory, folder), { recursive: true, force: true });
  }
}
