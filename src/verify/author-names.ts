// Whether a held-out check uses only names that the builder could know: those of the request, of base, or of a visible
// check. Lexical, for JavaScript, TypeScript and Python: names taken from the repository's own modules, and members
// used on them. It is no parser: a name it does not see is not judged.
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MAX_FILE_BYTES = 524_288;
const MAX_TOTAL_BYTES = 64 * 1_048_576;
const skippedFolder = /^(?:\.git|\.harness|node_modules|__pycache__|\.venv)$/;

/** Every identifier-like word in the texts, and in the names of files. */
export function wordsOf(texts: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const text of texts) for (const [word] of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) words.add(word);
  return words;
}

/** Of a whole tree; large files and caches are left out. Links are not followed. */
export function wordsOfTree(root: string): Set<string> {
  const words = new Set<string>();
  let left = MAX_TOTAL_BYTES;
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skippedFolder.test(entry.name)) visit(path);
      if (!entry.isFile()) continue;
      const { size } = lstatSync(join(root, path));
      const isRead = size <= MAX_FILE_BYTES && size <= left;
      if (isRead) left -= size;
      const text = isRead ? readFileSync(join(root, path), "utf8") : "";
      for (const word of wordsOf([path, text])) words.add(word);
    }
  };
  visit("");
  return words;
}

/** Names that come with the languages: nobody has to be told of them. */
const builtIn = new Set([
  ...[Array, Object, String, Number, Map, Set, Promise, Function, RegExp, Date, Error, JSON, Math].flatMap(
    (each) => [
      ...Object.getOwnPropertyNames(each),
      ...("prototype" in each ? Object.getOwnPropertyNames(each.prototype) : []),
    ],
  ),
  ..."default append extend insert remove items keys values get update pop sort index count copy clear lower upper strip split join replace startswith endswith format encode decode add discard union read write close".split(
    " ",
  ),
]);

interface Binding {
  /** As it is called in the check. */
  readonly local: string;
  /** As it is called in the module; `undefined` for the module as a whole and for a default export. */
  readonly imported: string | undefined;
}

/** The names a text takes from the repository's modules. `isOwnModule` tells those from libraries. */
export function namesUsed(text: string, isOwnModule: (specifier: string) => boolean): Set<string> {
  const { bindings, modules } = importsOf(text, isOwnModule);
  const names = new Set(modules.flatMap((specifier) => [...wordsOf([specifier])]));
  const locals = new Set<string>();
  for (const { local, imported } of bindings) {
    if (imported !== undefined) names.add(imported);
    locals.add(local);
  }
  for (const local of [...locals]) for (const made of madeFrom(text, local)) locals.add(made);
  for (const local of locals) for (const member of membersOf(text, local)) names.add(member);
  return names;
}

/** The names that are neither known nor part of the languages. */
export function unknownNames(used: Iterable<string>, known: readonly ReadonlySet<string>[]): string[] {
  const fileEndings = new Set(["js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx", "py"]);
  return [...used].filter(
    (name) => !builtIn.has(name) && !fileEndings.has(name) && !known.some((words) => words.has(name)),
  );
}

function importsOf(
  text: string,
  isOwn: (specifier: string) => boolean,
): { bindings: Binding[]; modules: string[] } {
  const bindings: Binding[] = [];
  const modules: string[] = [];
  const take = (specifier: string | undefined, found: readonly Binding[]) => {
    if (specifier === undefined || !isOwn(specifier)) return;
    modules.push(specifier);
    bindings.push(...found);
  };
  for (const [, clause = "", specifier] of text.matchAll(
    /\bimport\s+(?:type\s+)?([\w$*\s{},]+?)\s+from\s*["']([^"']+)["']/g,
  ))
    take(specifier, clauseBindings(clause));
  for (const [, clause = "", specifier] of text.matchAll(
    /\b(?:const|let|var)\s+([\w$]+|\{[^}]*\})\s*=\s*(?:await\s+import|require)\s*\(\s*["']([^"']+)["']/g,
  ))
    take(specifier, clauseBindings(clause.replaceAll(":", " as ")));
  for (const [, specifier, inBrackets, onLine = ""] of text.matchAll(
    /^\s*from\s+([\w.]+)\s+import\s+(?:\(([\w\s,]+)\)|([\w ,]+))/gm,
  ))
    take(specifier, listBindings(inBrackets ?? onLine));
  for (const [, specifier, alias] of text.matchAll(/^\s*import\s+([\w.]+)(?:\s+as\s+(\w+))?\s*$/gm))
    take(specifier, [{ local: alias ?? specifier ?? "", imported: undefined }]);
  return { bindings, modules };
}

/** `a, {b as c}` or `* as ns`. */
function clauseBindings(clause: string): Binding[] {
  const inBraces = /\{([^}]*)\}/.exec(clause)?.[1] ?? "";
  const whole = clause.replace(/\{[^}]*\}/, "").replace(/\*\s*as/, "");
  const plain = whole.match(/[\w$]+/g) ?? [];
  return [...plain.map((local) => ({ local, imported: undefined })), ...listBindings(inBraces)];
}

/** `b, c as d`. */
function listBindings(list: string): Binding[] {
  return [...list.matchAll(/(?:\btype\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?/g)].map(
    ([, imported = "", alias]) => ({
      local: alias ?? imported,
      imported,
    }),
  );
}

/** Variables whose value is made by calling a name: `const cart = new Cart()`, `cart = Cart()`. */
function madeFrom(text: string, local: string): string[] {
  const made = new RegExp(
    `([\\w$]+)\\s*(?::[^=\\n]+)?=\\s*(?:await\\s+)?(?:new\\s+)?${literal(local)}\\b[\\w$.]*\\(`,
    "g",
  );
  return [...text.matchAll(made)].map(([, name = ""]) => name);
}

function membersOf(text: string, local: string): string[] {
  const member = new RegExp(`(?<![\\w$.])${literal(local)}\\??\\.([\\w$]+)`, "g");
  return [...text.matchAll(member)].map(([, name = ""]) => name);
}

function literal(text: string): string {
  return text.replace(/[$.]/g, "\\$&");
}

/** Relative ones, the package's own name, and Python packages that base has. */
export function ownModuleTest(root: string): (specifier: string) => boolean {
  const top = new Set(readdirSync(root).map((name) => name.replace(/\.py$/, "")));
  const src = readdirSync(root).includes("src") ? readdirSync(join(root, "src")) : [];
  for (const name of src) top.add(name.replace(/\.py$/, ""));
  const packageName = packageNameOf(root);
  return (specifier) => {
    if (specifier.startsWith(".") || specifier.startsWith("#")) return true;
    if (packageName !== undefined && (specifier === packageName || specifier.startsWith(`${packageName}/`)))
      return true;
    return /^[\w.]+$/.test(specifier) && top.has(specifier.split(".")[0] ?? "");
  };
}

function packageNameOf(root: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const name =
      typeof manifest === "object" && manifest !== null && "name" in manifest ? manifest.name : undefined;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
