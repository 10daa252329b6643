import { describe, expect, it } from "vitest";
import type { Language } from "../../gates/change/language.ts";
import { maskCode } from "../../gates/change/mask-code.ts";
import { flipsOf } from "./flips.ts";

const flips = (line: string, language: Language = "javascript") =>
  flipsOf(line, maskCode(line, language).code, language).map(({ text }) => text);

describe("flips of a line", () => {
  it.each<[string, string[]]>([
    ["if (a === b) {", ["if (!(a === b)) {", "if (a !== b) {"]],
    ["  return x + 1;", ["  return undefined;", "  return x - 1;", "  return x + 0;"]],
    ["  save(a);", ["  ;"]],
    ["  await this.store.save(a, true);", ["  ;", "  await this.store.save(a, false);"]],
    ["  a.b[c] = d;", ["  ;"]],
    ["const ok = a && !b;", ["const ok = a || !b;"]],
    ["while (i < n) i++;", ["while (i >= n) i++;", "while (i < n) i--;"]],
    ['const s = t.replace(" ", "");', ['const s = t.replace("", "");', 'const s = t.replace(" ", "~");']],
    ["  continue;", ["  ;"]],
  ])("rewrite %j", (line, expected) => {
    expect(flips(line)).toEqual(expected);
  });

  it.each([
    "const f = (a) => a;",
    "const m: Map<string, number> = g;",
    'throw new Error("a === b && 1");',
    "console.log(a + 1);",
    "x.y // a === b",
    "/a === b/.test(",
  ])("leave %j alone", (line) => {
    expect(flips(line)).toEqual([]);
  });

  it("follow the language", () => {
    expect(flips("    if a and b == 1:", "python")).toEqual([
      "    if not (a and b == 1):",
      "    if a and b != 1:",
      "    if a or b == 1:",
      "    if a and b == 0:",
    ]);
    expect(flips("    return x", "python")).toEqual(["    return None"]);
    expect(flips("    save(x)", "python")).toEqual(["    pass"]);
    expect(flips("\tif a != nil {", "c-like")).toEqual(["\tif a == nil {"]);
  });
});
