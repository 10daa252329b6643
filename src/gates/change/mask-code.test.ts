import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskCode } from "./mask-code.ts";

const code = (text: string, language: Parameters<typeof maskCode>[1] = "javascript") =>
  maskCode(text, language).code.replaceAll("\n", "¶").replaceAll(/ +/g, " ");

describe("the scanner", () => {
  it.each([
    ['const a = "x // y"; // z', 'const a = " "; '],
    ["a /* b */ + c", "a + c"],
    ["a = b / c / d;", "a = b / c / d;"],
    ["a = /[/\"]x/g.test('q');", "a = / /g.test(' ');"],
    ["return /x y/.test(a)", "return / /.test(a)"],
    [`\`a \${b + \`c \${d}\`} e\` + f`, `\` \${b + \` \${d}\`} \` + f`],
    [`\`a \${ {x: 1}.x } e\`;`, `\` \${ {x: 1}.x } \`;`],
    ["it's // fine", "it's "],
    ['"a\\"b" + c', '" " + c'],
    ["`never closed", "` "],
  ])("reads the JavaScript %j", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("reads Python, Rust and shell by their own comments and quotes", () => {
    expect(code('x = 1 # y\n"""doc\n# more"""\nz = "#"', "python")).toBe('x = 1 ¶""" ¶ """¶z = " "');
    expect(code("fn f<'a>(x: &'a str) { y('z') } // '", "c-like")).toBe("fn f<'a>(x: &'a str) { y(' ') } ");
    expect(code("a=$# # b\necho 'c\nd' e", "shell")).toBe("a=$# ¶echo ' ¶ ' e");
  });

  it("keeps the place of every character, whatever the text is", () => {
    const pieces = fc.constantFrom(
      "`",
      "${",
      "}",
      "{",
      '"',
      "'",
      "/",
      "//",
      "/*",
      "*/",
      "\\",
      "#",
      "\n",
      "a",
      " ",
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((all) => all.join("")),
        fc.constantFrom("javascript" as const, "c-like" as const, "python" as const, "shell" as const),
        (text, language) => {
          const masked = maskCode(text, language);
          expect([masked.code.length, masked.comments.length]).toEqual([text.length, text.length]);
          expect(masked.code.split("\n").length).toBe(text.split("\n").length);
        },
      ),
    );
  });
});
