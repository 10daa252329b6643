// Alters a JavaScript or TypeScript module so that what it exports is taken away, while it still loads. By lines at the
// left margin, no parser: what is not understood makes the file opaque, and that is said.
import { maskCode } from "../../gates/change/mask-code.ts";

/** Alterations of a module's exports. */
export type ExportAlteration = "hollow" | "throwing" | "missing";

/** `text` is `undefined` where the module has exports that cannot be altered. */
export interface AlteredModule {
  readonly text: string | undefined;
}

const name = "__altered";

/** Keeps the shape: a function stays one, an object keeps its keys, a class its methods. */
const takeAway = (how: ExportAlteration) => `const ${name} = (() => {
  const end = ${how === "throwing" ? '() => { throw new Error("taken away"); }' : "() => undefined"};
  const put = (to, from, depth) => {
    for (const key of Reflect.ownKeys(from)) {
      if (["length", "name", "prototype", "arguments", "caller", "constructor"].includes(key)) continue;
      const found = Reflect.getOwnPropertyDescriptor(from, key);
      const value = "value" in found ? take(found.value, depth + 1) : undefined;
      try { Reflect.defineProperty(to, key, { value, writable: true, configurable: true, enumerable: found.enumerable }); } catch {}
    }
    return to;
  };
  const methods = (to, from, depth) => {
    const chain = [];
    for (let at = from; at && at !== Object.prototype && at !== Function.prototype; at = Reflect.getPrototypeOf(at)) chain.unshift(at);
    for (const at of chain) put(to, at, depth);
    return to;
  };
  const made = (value) => {
    const kind = value.constructor?.name;
    if (kind === "AsyncFunction") return async function () { return end(); };
    if (kind === "GeneratorFunction") return function* () { end(); };
    if (kind === "AsyncGeneratorFunction") return async function* () { end(); };
    return function () { return end(); };
  };
  const take = (value, depth) => {
    if (depth > 4) return undefined;
    if (typeof value === "function") {
      const to = put(made(value), value, depth);
      if (to.prototype && value.prototype) methods(to.prototype, value.prototype, depth);
      return to;
    }
    if (Array.isArray(value)) return [];
    if (value === null || typeof value !== "object") return undefined;
    return methods({}, value, depth);
  };
  return (value) => ${how === "missing" ? "undefined" : "take(value, 0)"};
})();`;

const scriptInstead: Readonly<Record<ExportAlteration, string>> = {
  hollow: "",
  missing: "",
  throwing: 'throw new Error("taken away");\n',
};

interface Found {
  /** Local names that can be given another value. */
  readonly names: readonly string[];
  readonly isOpaque: boolean;
}

const declared =
  /^export\s+(?:declare\s+)?(?:default\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\s*\*?|class|enum|const|let|var)\s+([\w$]+)/;
const elsewhere = /^export\s+(?:type\b|interface\b|declare\b|\*|(?:type\s+)?\{[^}]*\}\s*from\b)/;

/** `export const a = 1, b = 2`: the second one would be overlooked. */
function hasSecondName(statement: string): boolean {
  return (
    /^export\s+(?:const|let|var)\s/.test(statement) &&
    /,\s*[\w$]+\s*=[^=>]/.test(statement.split("\n", 1)[0] ?? "")
  );
}

function exportsOf(code: string): Found {
  const names: string[] = [];
  let isOpaque = false;
  for (const match of code.matchAll(/^export\b/gm)) {
    const statement = code.slice(match.index);
    if (elsewhere.test(statement)) continue;
    const local = declared.exec(statement)?.[1];
    const list = /^export\s*\{([^}]*)\}/.exec(statement)?.[1];
    if (local === "enum" || hasSecondName(statement)) isOpaque = true;
    else if (local !== undefined && local !== "extends") names.push(local);
    else if (list !== undefined)
      names.push(...list.split(",").flatMap((part) => /^\s*(?!type\s)([\w$]+)/.exec(part)?.[1] ?? []));
    else if (!/^export\s+default\b/.test(statement)) isOpaque = true;
  }
  return { names, isOpaque };
}

/** Bindings of an import cannot be given a value; their own module alters them. */
function importedNames(code: string): ReadonlySet<string> {
  const clauses = [...code.matchAll(/^import\s+([^;"'`]*?)\s*from\b/gm)].map(([, clause = ""]) => clause);
  return new Set(clauses.flatMap((clause) => clause.match(/[\w$]+/g) ?? []));
}

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.at - a.at)
    .reduce(
      (rest, { at, length, text: instead }) => rest.slice(0, at) + instead + rest.slice(at + length),
      text,
    );
}

/** Without a name of its own: a class, a function, an expression. */
const namelessDefault =
  /^export\s+default\s+(?!(?:async\s+)?function\s*\*?\s+[\w$]|(?:abstract\s+)?class\s+(?!extends\b)[\w$]|interface\b)/gm;

function alteredModule(text: string, code: string, how: ExportAlteration): AlteredModule {
  const { names, isOpaque } = exportsOf(code);
  if (isOpaque) return { text: undefined };
  const imported = importedNames(code);
  const own = [...new Set(names)].filter((each) => !imported.has(each));
  const constants = [...code.matchAll(/^(?:export\s+)?(const)\s+(?!enum\b)([\w$]+)/gm)].flatMap((match) =>
    own.includes(match[2] ?? "")
      ? [{ at: match.index + match[0].indexOf("const"), length: 5, text: "let" }]
      : [],
  );
  const defaults = [...code.matchAll(namelessDefault)].map((match) => ({
    at: match.index,
    length: match[0].length,
    text: `let ${name}Default = `,
  }));
  if (defaults.length > 1) return { text: undefined };
  const footer = [
    `;${takeAway(how)}`,
    ...own.map((each) => `${each} = ${name}(${each});`),
    ...(defaults.length > 0 ? [`export default ${name}(${name}Default);`] : []),
  ];
  return { text: `${edited(text, [...constants, ...defaults])}\n${footer.join("\n")}\n` };
}

/** Of `module.exports`, an object keeps its keys, and anything else becomes one: whoever takes it apart still can. */
function alteredCommonJs(text: string, how: ExportAlteration): AlteredModule {
  const missing = "Object.fromEntries(Object.keys(module.exports ?? {}).map((key) => [key, undefined]))";
  const whole = how === "missing" ? missing : `${name}(module.exports)`;
  return { text: `${text}\n;${takeAway(how)}\nmodule.exports = ${whole};\n` };
}

/** A file without exports is a script: nothing of it runs any more. */
export function alterJavascript(path: string, text: string, how: ExportAlteration): AlteredModule {
  const { code } = maskCode(text, "javascript");
  const isModule = /^(?:export|import)\b(?!\s*\()/m.test(code) && !/\.c[jt]s$/.test(path);
  const isCommonJs = !isModule && /\bmodule\.exports\b|(?<![\w.])exports(?:\.|\[)|^export\s*=/m.test(code);
  if (isCommonJs) return /^export\s*=/m.test(code) ? { text: undefined } : alteredCommonJs(text, how);
  if (!isModule || !/^export\b/m.test(code)) return { text: scriptInstead[how] };
  const isTyped = /\.[cm]?tsx?$/.test(path) && !text.startsWith("#!");
  const altered = alteredModule(text, code, how);
  return isTyped && altered.text !== undefined ? { text: `// @ts-nocheck\n${altered.text}` } : altered;
}
