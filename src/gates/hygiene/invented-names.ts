// Documents that promise what is not there: an option or a function that the change documents and that no file but
// documents holds. Only names set as code in running text count; examples in fences have names of their own.
import { kindOfPath } from "../change/path-kind.ts";
import { addedLines, type HygieneFacts, type Note } from "./note.ts";
import { isDocument } from "./stale-docs.ts";

/** Not in a link to somebody else's page: that names what is theirs. */
const span = /(?<!`)`([^`\n]+)`(?!`)(?!\]\(<?https?:)/g;

/** What a language brings along: named without being anywhere. */
const builtIn =
  /^(?:async|await|catch|clearTimeout|eval|fetch|for|function|if|import|len|open|parseFloat|parseInt|print|queueMicrotask|range|require|return|setImmediate|setInterval|setTimeout|sorted|structuredClone|super|switch|typeof|while|String|Number|Boolean|Array|Object|Map|Set|Date|Promise|Symbol|BigInt|RegExp|Error|Proxy)$/;

interface Claim {
  readonly text: string;
  /** How the name may be written where it is made; whole words. */
  readonly spellings: readonly string[];
}

/** An option alone or behind a command of this repository's own, and a call of a plain name. */
function claimOf(code: string, commands: ReadonlySet<string>): Claim | undefined {
  const [first = "", ...rest] = code.trim().split(/\s+/);
  const words = first.startsWith("--") ? [first] : commands.has(first) ? rest : [];
  const option = words.map((word) => /^--([a-z][a-z0-9-]{2,})(?:=.*)?$/.exec(word)?.[1]).find(Boolean);
  if (option !== undefined) {
    const plain = option.replace(/^no-/, "");
    const camel = plain.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    return { text: `--${option}`, spellings: [plain, camel, plain.replaceAll("-", "_")] };
  }
  const name = /^([A-Za-z_$][\w$]{2,})\([^`]*\)$/.exec(code.trim())?.[1];
  return name === undefined || builtIn.test(name) ? undefined : { text: `${name}()`, spellings: [name] };
}

function commandsOf({ texts }: HygieneFacts): ReadonlySet<string> {
  const manifest = texts.head.text("package.json") ?? "";
  const bin = /"bin"\s*:\s*(?:"[^"]*"|\{[^}]*\})/.exec(manifest)?.[0] ?? "";
  const names = [...bin.matchAll(/"([\w.-]+)"\s*:/g)].map(([, name = ""]) => name);
  const own = /"name"\s*:\s*"(?:@[\w.-]+\/)?([\w.-]+)"/.exec(manifest)?.[1];
  return new Set([...names, ...(own === undefined ? [] : [own])]);
}

function hasWord(text: string, word: string): boolean {
  const plain = word.replace(/[$-]/g, "\\$&");
  return text.includes(word) && new RegExp(`(?<![\\w$])${plain}(?![\\w$])`).test(text);
}

/** Lines of running text, by number from 1; what stands in fences is left empty. */
function proseLines(text: string): readonly string[] {
  let fence = "";
  return text.split("\n").map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (fence === "" && mark !== "") fence = mark;
    else if (fence !== "" && mark.startsWith(fence)) fence = "";
    else return fence === "" ? line : "";
    return "";
  });
}

export function inventedNameNotes(facts: HygieneFacts): Note[] {
  const { files, texts, asked } = facts;
  const documents = files.filter(({ path, after }) => after !== undefined && isDocument(path));
  if (documents.length === 0) return [];
  const commands = commandsOf(facts);
  const others = texts.head.paths.filter((path) => kindOfPath(path) !== "docs");
  const isThere = ({ spellings }: Claim) =>
    [asked, ...others.map((path) => texts.head.text(path) ?? "")].some((text) =>
      spellings.some((word) => hasWord(text, word)),
    );
  // What base's documents said already is nobody's invention now.
  const wasSaid = ({ text }: Claim) =>
    texts.base.paths.some(
      (path) => isDocument(path) && texts.base.text(path)?.includes(text.replace(")", "")),
    );
  return documents.flatMap((file) => {
    const lines = proseLines(file.after ?? "");
    return addedLines(file).flatMap((line) =>
      [...(lines[line - 1] ?? "").matchAll(span)].flatMap(([, code = ""]) => {
        const claim = claimOf(code, commands);
        if (claim === undefined || isThere(claim) || wasSaid(claim)) return [];
        return [`${file.path}:${line}: documents \`${claim.text}\`, which is nowhere in the code`];
      }),
    );
  });
}
