// Tests that stand beside the code that they test, in one file with it: found by their block, and exchanged without
// touching the code. Pure.
import { extensionOf, languageOf } from "../gates/change/language.ts";
import { maskCode } from "../gates/change/mask-code.ts";

/** The head of a block, up to its opening brace. */
const heads: Readonly<Record<string, RegExp>> = {
  rs: /^[ \t]*#\[cfg\((?:all\()?test\b[^\n]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?mod\s+\w+\s*\{/gm,
  ts: /^[ \t]*if\s*\(\s*import\.meta\.vitest\s*\)\s*\{/gm,
};
const plainExtension = (path: string) => extensionOf(path).replace(/^(?:[cm]?[jt]sx?)$/, "ts");

interface Block {
  readonly from: number;
  readonly to: number;
}

function blocksIn(path: string, text: string): readonly Block[] {
  const language = languageOf(path);
  const head = heads[plainExtension(path)];
  if (language === undefined || head === undefined) return [];
  const { code } = maskCode(text, language);
  const blocks: Block[] = [];
  for (const match of code.matchAll(head)) {
    let at = match.index + match[0].length;
    for (let depth = 1; depth > 0 && at < code.length; at++)
      depth += code[at] === "{" ? 1 : code[at] === "}" ? -1 : 0;
    blocks.push({ from: match.index, to: at });
  }
  return blocks;
}

const textOf = (text: string, blocks: readonly Block[]) =>
  blocks.map(({ from, to }) => text.slice(from, to)).join("\n\n");

/** Head's code with base's tests in it; `undefined` where base has none in the file, or the same. */
export function mergeInlineTests(path: string, base: string, head: string): string | undefined {
  const [before, after] = [blocksIn(path, base), blocksIn(path, head)];
  const tests = textOf(base, before);
  if (tests === "" || tests === textOf(head, after)) return undefined;
  const code = after.toReversed().reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), head);
  return `${code.trimEnd()}\n\n${tests}\n`;
}
