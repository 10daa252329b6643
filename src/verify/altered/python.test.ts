import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ExportAlteration } from "./javascript.ts";
import { alterPython } from "./python.ts";

const module = `import os
from collections import OrderedDict
LIMIT = 7
NAMES = ["a"]
def add(a, b): return a + b
async def later(): return 1
def each():
    yield 1
class Wrong(ValueError): pass
class Sum:
    start = 0
    def __init__(self, a): self.a = a
    def add(self, b): return self.a + b
    @staticmethod
    def two(): return 2
    @classmethod
    def make(cls): return cls(1)
    @property
    def double(self): return self.a * 2
total = Sum(3)
if __name__ == "__main__":
    print(add(1, 2), LIMIT)
`;

function python(how: ExportAlteration, lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "altered-"));
  try {
    writeFileSync(join(folder, "lib.py"), alterPython(module, how));
    const program = lines[0] === "lib.py" ? ["lib.py"] : ["-c", ["import lib, asyncio", ...lines].join("\n")];
    return execFileSync("python3", program, { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
  } catch (error) {
    return error instanceof Error && "stderr" in error
      ? (String(error.stderr).trim().split("\n").at(-1) ?? "")
      : "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("an altered Python module", () => {
  it.each([
    ["lib.add(1, 2)", "None"],
    ["asyncio.run(lib.later())", "None"],
    ["list(lib.each())", "[]"],
    ["lib.LIMIT, lib.NAMES", "None []"],
    ["lib.Sum(1).add(2)", "None"],
    ["lib.Sum.two(), lib.Sum.make(), lib.Sum(1).double", "None None None"],
    ["lib.total.add(2) == 5, bool(lib.total)", "False False"],
    ["issubclass(lib.Wrong, ValueError), lib.os.sep, lib.OrderedDict(a=1)['a']", "True / 1"],
  ])("is hollow: %s", (expression, printed) => {
    expect(python("hollow", [`print(${expression})`])).toBe(printed);
  });

  it.each([
    "lib.add(1, 2)",
    "asyncio.run(lib.later())",
    "list(lib.each())",
    "lib.Sum(1)",
    "lib.total.add(1)",
  ])("throws: %s", (expression) => {
    expect(python("throwing", [expression])).toBe("RuntimeError: taken away");
  });

  it("is missing", () => {
    expect(python("missing", ["print(lib.add, lib.Sum, lib.total, lib.LIMIT)"])).toBe("None None None None");
  });

  it("does nothing as a program", () => {
    expect(python("hollow", ["lib.py"])).toBe("None None");
  });
});
