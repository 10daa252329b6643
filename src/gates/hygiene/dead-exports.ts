// Exports that the change adds and nobody uses: neither the file itself, nor another one, nor whoever asked.
import type { ChangedFile } from "../change/changed-files.ts";
import { exportedNames } from "./exported-names.ts";
import type { HygieneFacts, Note } from "./note.ts";

const plainPath = (path: string) => path.replace(/^\.\//, "").replace(/\.[cm]?[jt]sx?$/, "");

/** What the package shows to the outside: everything that its manifests name, and index files. */
function isEntryPoint(path: string, { texts }: HygieneFacts): boolean {
  const name = path.replace(/^.*\//, "");
  if (/^(?:index|main|mod|lib)\.[cm]?[jt]sx?$/.test(name) || /\.config\.\w+$/.test(name)) return true;
  const manifests = texts.head.paths.filter((each) => /(?:^|\/)package\.json$/.test(each));
  return manifests.some((manifest) => {
    const text = texts.head.text(manifest) ?? "";
    const named = [...text.matchAll(/"(\.{0,2}\/?[\w@./*-]+\.[cm]?[jt]sx?)"/g)].map(([, each = ""]) =>
      plainPath(each),
    );
    const own = plainPath(path);
    const isPattern = (each: string) =>
      each.includes("*") && own.startsWith(each.slice(0, each.indexOf("*")));
    // Built folders stand for the sources of the same name.
    return named.some(
      (each) => own.endsWith(each) || own.replace(/^src\//, "dist/").endsWith(each) || isPattern(each),
    );
  });
}

function usesOf(name: string, text: string): number {
  return text
    .split(name)
    .slice(1)
    .filter((rest, index, all) => {
      const before = index === 0 ? text.slice(0, text.indexOf(name)) : (all[index - 1] ?? "");
      return !/^[\w$]/.test(rest) && !/[\w$]$/.test(before);
    }).length;
}

function isReexported(path: string, others: readonly string[]): boolean {
  const stem = plainPath(path.replace(/^.*\//, ""));
  return others.some((text) =>
    new RegExp(`export\\s+\\*[^;\\n]*["'][^"'\\n]*\\b${stem.replace(/\W/g, "\\$&")}(?:\\.\\w+)?["']`).test(
      text,
    ),
  );
}

function newNames({ path, before, after }: ChangedFile): string[] {
  const old = exportedNames(path, before);
  return [...exportedNames(path, after)].filter((name) => !old.has(name));
}

export function deadExportNotes(facts: HygieneFacts): Note[] {
  const { files, texts, asked } = facts;
  return files.flatMap((file) => {
    const names = file.kind === "code" ? newNames(file) : [];
    if (names.length === 0 || isEntryPoint(file.path, facts)) return [];
    const others = texts.head.paths
      .filter((path) => path !== file.path)
      .map((path) => texts.head.text(path) ?? "");
    if (isReexported(file.path, others)) return [];
    const isUsed = (name: string) =>
      usesOf(name, asked) > 0 ||
      usesOf(name, file.after ?? "") > 1 ||
      others.some((text) => text.includes(name) && usesOf(name, text) > 0);
    return names
      .filter((name) => !isUsed(name))
      .map((name) => `${file.path}: \`${name}\` is exported and used nowhere`);
  });
}
