// The textual inventory, for runners that tell no ids: tests by their declarations, and marks that keep them from running. Pure.
import type { TreeTexts } from "./change/changed-files.ts";
import { isTestPath } from "./change/path-kind.ts";

const declarations: readonly RegExp[] = [
  /\b(?:it|test|specify|t\.test|describe|context)(?:\.\w+)*\s*\(\s*(["'`])((?:\\.|(?!\1).)+)\1/g,
  /^\s*(?:async\s+)?(def)\s+(test\w*)\s*\(/gm,
  /^(func)\s+((?:Test|Example|Fuzz)\w*)\s*\(/gm,
  /#\[(?:\w+::)?(test)\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)/g,
];

const marks =
  /\b(?:it|test|describe|suite|context|t)\.(?:skip|todo|only|fixme|failing)\s*\(|\b(?:x(?:it|test|describe|context)|f(?:it|describe|context))\s*\(|\b(?:skip|todo|only)\s*:\s*(?:true|["'`])|@(?:pytest\.mark\.(?:skip|xfail)\b(?!if)|unittest\.(?:skip|expectedFailure)\b(?!If|Unless))|\bpytest\.skip\(|\b[tb]\.Skip(?:Now|f)?\(|#\[ignore/g;

/** How many unconditional marks a text has that keep tests from running. */
export function countMarks(text: string): number {
  return text.match(marks)?.length ?? 0;
}

export interface DeclaredTests {
  /** `path > name`, a name that stands several times with its number. */
  readonly ids: ReadonlySet<string>;
  readonly marks: number;
}

/** `isTest` says of further paths that they are tests. */
export function declaredTests(
  tree: TreeTexts,
  isTest: (path: string) => boolean = () => false,
): DeclaredTests {
  const ids = new Set<string>();
  let found = 0;
  for (const path of tree.paths.filter((each) => isTestPath(each) || isTest(each) || each.endsWith(".rs"))) {
    const text = tree.text(path) ?? "";
    found += countMarks(text);
    for (const pattern of declarations)
      for (const [, , name = ""] of text.matchAll(pattern)) {
        const id = `${path} > ${name}`;
        ids.add(ids.has(id) ? `${id} #${[...ids].filter((each) => each.startsWith(id)).length + 1}` : id);
      }
  }
  return { ids, marks: found };
}
