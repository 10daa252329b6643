// Documents that the change left behind: they name what it removed, or link to what is not there.
import { posix } from "node:path";
import { isTestPath, kindOfPath } from "../change/path-kind.ts";
import { exportedNames } from "./exported-names.ts";
import { addedLines, type HygieneFacts, type Note } from "./note.ts";

/** A record of what was: it may name what is gone. */
const isHistory = (path: string) =>
  /change|history|release|migrat|upgrad|news|deprecat|decision|adr|licen[cs]e/i.test(path);

export function isDocument(path: string): boolean {
  return kindOfPath(path) === "docs" && /\.(?:md|mdx|markdown|rst|adoc|txt)$/i.test(path) && !isHistory(path);
}

const optionPattern = /(?<=["'`\s,|([])--[a-z][\w-]{2,}(?![\w-])/g;

/** Exported names, options and files that base has and head has nowhere any more. */
function removedNames({ files, texts }: HygieneFacts): string[] {
  const code = files.filter(({ kind }) => kind === "code");
  const gone = files.filter(({ after, path }) => after === undefined && !texts.head.paths.includes(path));
  const names = code.flatMap(({ path, before, after }) => {
    const now = exportedNames(path, after);
    return [...exportedNames(path, before)].filter((name) => name.length > 3 && !now.has(name));
  });
  const options = code.flatMap(({ before = "", after = "" }) => {
    const now = new Set(after.match(optionPattern));
    return [...new Set(before.match(optionPattern))].filter((option) => !now.has(option));
  });
  const candidates = [...new Set([...names, ...options])];
  const remaining = texts.head.paths.filter((path) =>
    ["code", "types", "configuration", "manifest"].includes(kindOfPath(path)),
  );
  const isThere = (name: string) => remaining.some((path) => texts.head.text(path)?.includes(name));
  return [...candidates.filter((name) => !isThere(name)), ...gone.map(({ path }) => path)];
}

function isNamedIn(name: string, line: string): boolean {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (/^--|[/.]/.test(name)) return new RegExp(`(?<![\\w/-])(?:\\./)?${plain}(?![\\w-])`).test(line);
  return new RegExp(`\`[^\`]*\\b${plain}\\b[^\`]*\`|\\b${plain}\\(`).test(line);
}

function removedNotes(facts: HygieneFacts): Note[] {
  const names = removedNames(facts);
  if (names.length === 0) return [];
  const { head } = facts.texts;
  return head.paths.filter(isDocument).flatMap((path) => {
    const lines = (head.text(path) ?? "").split("\n");
    return names.flatMap((name) => {
      const at = lines.findIndex((line) => isNamedIn(name, line));
      return at < 0 ? [] : [`${path}:${at + 1}: names \`${name}\`, which is no longer there`];
    });
  });
}

const link = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\s*\[[^\]]+\]:\s*<?([^\s>]+)>?/g;

function targetOf(path: string, address: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|#|\?)/i.test(address)) return undefined;
  const file = address.replace(/[?#].*$/, "");
  try {
    return posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file)));
  } catch {
    return undefined;
  }
}

/** Links on added lines, and older ones whose target the change took away. */
function linkNotes({ files, texts }: HygieneFacts): Note[] {
  const added = new Map(files.map((file) => [file.path, new Set(addedLines(file))]));
  const isThere = (paths: readonly string[], target: string) =>
    target.startsWith("..") ||
    target === "." ||
    paths.some((path) => path === target || path.startsWith(`${target.replace(/\/$/, "")}/`));
  const isGone = (target: string) => !isThere(texts.head.paths, target);
  const hasDeletions = files.some(({ path }) => !texts.head.paths.includes(path));
  // What the tests read is no document: its links may be part of what is tested.
  const isShown = (path: string) => /\.(?:md|mdx|markdown)$/i.test(path) && !isTestPath(path);
  const documents = texts.head.paths.filter(isShown);
  return documents
    .filter((path) => hasDeletions || added.has(path))
    .flatMap((path) =>
      (texts.head.text(path) ?? "").split("\n").flatMap((line, index) =>
        [...line.replace(/`[^`]*`/g, "").matchAll(link)].flatMap(([, inline, reference]) => {
          const target = targetOf(path, inline ?? reference ?? "");
          if (target === undefined || !isGone(target)) return [];
          const isNew = added.get(path)?.has(index + 1) === true;
          const isLost = isThere(texts.base.paths, target);
          return isNew || isLost ? [`${path}:${index + 1}: links to ${target}, which is not there`] : [];
        }),
      ),
    );
}

export function staleDocNotes(facts: HygieneFacts): Note[] {
  return [...removedNotes(facts), ...linkNotes(facts)];
}
