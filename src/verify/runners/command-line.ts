// Recognises a runner however it is started: by name, by path, through npx, a package manager, node or python.
import type { SimpleCommand } from "../shell-command.ts";

const launchers = [
  String.raw`npx(?:\s+(?:-y|--yes|--no|--no-install|--))*`,
  String.raw`(?:corepack\s+)?(?:pnpm|yarn|poetry|uv|pipenv)(?:\s+(?:exec|run|--))*`,
  String.raw`(?:\S*/)?python[\d.]*(?:\s+-[BIEsuO]+)*\s+-m`,
  String.raw`(?:\S*/)?node(?:\s+--?[\w-]+(?:=\S+)?)*`,
].join("|");

/** The command's text with the options added at its end; `undefined` where the program is another one. */
export function withOptions(command: SimpleCommand, names: string, options: string): string | undefined {
  const { prefix, program, rest } = command;
  const text = `${program}${rest}`.trimEnd();
  const isIt = new RegExp(
    `^(?:(?:${launchers})\\s+)?(?:[\\w.@/-]*/)?(?:${names})(?:\\.[cm]?js)?(?=\\s|$)`,
  ).test(text);
  // Behind `--` options would be taken for file names.
  return isIt && !/\s--\s+\S/.test(text.replace(/^.*?\bexec\s+--\s/, ""))
    ? `${prefix}${text} ${options}`
    : undefined;
}

/** Gives every id once: a repeated one gets its number. */
export function numbered<T extends { readonly id: string }>(tests: readonly T[]): T[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const count = (seen.get(test.id) ?? 0) + 1;
    seen.set(test.id, count);
    return count === 1 ? test : { ...test, id: `${test.id} #${count}` };
  });
}

export function relativeTo(workspace: string, path: string): string {
  const plain = path.replace(/^file:\/\//, "");
  return plain.startsWith(`${workspace}/`) ? plain.slice(workspace.length + 1) : plain;
}

/** Whether a word of a command is one of the check's own files. */
export function isOwnFile(word: string, ownFiles: readonly string[]): boolean {
  const plain = word.replace(/^["']|["']$/g, "").replace(/^\.\//, "");
  return plain !== "" && ownFiles.some((file) => file === plain || file.endsWith(`/${plain}`));
}
