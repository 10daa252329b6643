// The files that one side of a case changes, relative to base.
import type { Base } from "./base-repository.ts";
import type { Side } from "./case-file.ts";

/** Throws an `Error` where the text to replace does not occur exactly once. */
export function changeOf(base: Base, side: Side, name: string): Record<string, string | null> {
  const changed: Record<string, string | null> = side.from === "fix" ? { ...base.fix } : {};
  Object.assign(changed, side.write);
  for (const [path, edits] of Object.entries(side.edit)) {
    let text = changed[path] ?? base.tree[path];
    if (typeof text !== "string") throw new Error(`${name}: expected a file ${path} to edit, found none`);
    for (const { find, put } of edits) {
      const times = text.split(find).length - 1;
      if (times !== 1)
        throw new Error(`${name}: expected ${JSON.stringify(find)} once in ${path}, found it ${times} times`);
      text = text.replace(find, () => put);
    }
    changed[path] = text;
  }
  return Object.fromEntries(
    Object.entries(changed).filter(([path, text]) => text !== (base.tree[path] ?? null)),
  );
}
