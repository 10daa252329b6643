import { describe, expect, it } from "vitest";
import { executableLines } from "./executable-lines.ts";

const linesIn = (path: string, text: string) =>
  [...executableLines(path, text)].map((line) => text.split("\n")[line - 1]?.trim());

describe("lines that do something", () => {
  it("are told from imports, headings, brackets and comments in JavaScript", () => {
    const text = `import {
  a,
} from "a";
import "b";
const { c } = require("c");
// a comment
/** another
 * one */
export function f(x) {
  if (x) {
    return 1; // why
  } else {
    g();
  }
}
class A {
  method(y) {
    for (const z of y) {
      z();
    }
  }
}
export { f };
`;
    expect(linesIn("a.js", text)).toEqual([
      "if (x) {",
      "return 1; // why",
      "g();",
      "for (const z of y) {",
      "z();",
    ]);
  });

  it("are told from types in TypeScript", () => {
    const text = `interface A {
  b: string;
}
export type B =
  | "x"
  | "y";
import type { C } from "c";
class D {
  readonly e: Map<string, number>;
  f = 1;
}
declare const g: string;
export const h = (x: A): B => x.b as B;
`;
    expect(linesIn("a.ts", text)).toEqual(["f = 1;", "export const h = (x: A): B => x.b as B;"]);
    expect(executableLines("a.d.ts", text).size).toBe(0);
  });

  it("are told from docstrings, decorators and headings in Python", () => {
    const text = `from a import (
    b,
)
@b
def f(x: int) -> int:
    """What it does."""
    if x:
        return b(
            x,
        )
    else:
        raise ValueError("no")
`;
    expect(linesIn("a.py", text)).toEqual(["if x:", "return b(", "x,", 'raise ValueError("no")']);
  });

  it("are told from the list of exported names in Python", () => {
    expect(
      linesIn("a.py", '__all__ = [\n    "a",\n    "b",\n]\n__all__ += ["c"]\nd = ["__all__"]\n'),
    ).toEqual(['d = ["__all__"]']);
  });

  it("are told from the tests inside a file, in Rust and with Vitest", () => {
    const text = `fn f(x: u8) -> u8 {
    x + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(f(1), 2);
    }
}

fn g() {
    f(2);
}
`;
    expect(linesIn("a.rs", text)).toEqual(["x + 1", "f(2);"]);
    const script = 'f(1);\nif (import.meta.vitest) {\n  it("x", () => {\n    f(2);\n  });\n}\n';
    expect(linesIn("a.ts", script)).toEqual(["f(1);"]);
  });

  it("are told in Go and Rust", () => {
    expect(
      linesIn(
        "a.go",
        'package a\nimport (\n\t"fmt"\n)\nfunc F(x int) int {\n\tif x > 1 {\n\t\treturn x\n\t}\n}\n',
      ),
    ).toEqual(["if x > 1 {", "return x"]);
    expect(linesIn("a.rs", "use a::b;\n#[test]\npub fn f(x: u8) -> u8 {\n    x + 1\n}\n")).toEqual(["x + 1"]);
  });

  it("are none in a file that is no code", () => {
    expect(executableLines("README.md", "text").size).toBe(0);
  });
});
