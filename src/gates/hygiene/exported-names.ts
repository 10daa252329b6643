// Names that a JavaScript or TypeScript file hands to others, as far as its text says so.
import { maskCode } from "../change/mask-code.ts";

const declared =
  /^[ \t]*export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|let|var|function\s*\*?|class|interface|type|enum)\s+([A-Za-z_$][\w$]*)/gm;
const listed = /^[ \t]*export\s+(?:type\s+)?\{([^}]*)\}/gm;
const assigned = /^[ \t]*(?:module\.)?exports\.([A-Za-z_$][\w$]*)\s*=/gm;
const object = /^[ \t]*module\.exports\s*=\s*\{([^}]*)\}/gm;

/** `a as b` hands out `b`; `a: b` hands out `a`. */
function namesOfList(list: string): string[] {
  return list.split(",").flatMap((entry) => {
    const text = entry.replace(/^\s*type\s/, "").trim();
    const name = /^(?:[\w$]+\s+as\s+)?([A-Za-z_$][\w$]*)(?:\s*:.*)?$/.exec(text)?.[1];
    return name === undefined || name === "default" ? [] : [name];
  });
}

/** Empty for other languages. */
export function exportedNames(path: string, text: string | undefined): ReadonlySet<string> {
  if (text === undefined || !/\.[cm]?[jt]sx?$/.test(path)) return new Set();
  const { code } = maskCode(text, "javascript");
  const single = [declared, assigned].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
  const lists = [listed, object].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
  return new Set([...single, ...lists.flatMap(namesOfList)].filter((name) => name !== ""));
}
