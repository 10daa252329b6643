import { expect, it } from "vitest";
import { mergeInlineTests } from "./inline-tests.ts";

const rust = (code: string, test: string, mark = "#[cfg(test)]") => `${code}

${mark}
mod tests {
    use super::*;
    #[test]
    fn adds() { ${test} } // a brace: }
}
`;
const before = rust("fn add(a: u8, b: u8) -> u8 { a - b }", "assert_eq!(add(1, 0), 1);");

it("puts base's tests into head's code", () => {
  const code = "fn add(a: u8, b: u8) -> u8 { a + b }";
  const weaker = rust(code, "assert!(true);", '#[cfg(all(test, feature = "slow"))]\n#[allow(unused)]');
  const expected = rust(code, "assert_eq!(add(1, 0), 1);");
  expect(mergeInlineTests("src/lib.rs", before, weaker)).toBe(expected);
  expect(mergeInlineTests("src/lib.rs", before, `${code}\n`)).toBe(expected);
});

it("does the same for tests that Vitest finds inside a module", () => {
  const text = (sum: string) =>
    `export const add = (a, b) => a + b;\n\nif (import.meta.vitest) {\n  it("}", () => ${sum});\n}\n`;
  expect(mergeInlineTests("src/add.ts", text("expect(1)"), text("true"))).toBe(text("expect(1)"));
});

it.each([
  ["base has none", "src/lib.rs", "fn add() {}\n", before],
  ["they are the same", "src/lib.rs", before, before.replace("a - b", "a + b")],
  ["the language has none", "lib.py", "import a\n", "import b\n"],
])("leaves a file alone where %s", (_, path, base, head) => {
  expect(mergeInlineTests(path, base, head)).toBeUndefined();
});
