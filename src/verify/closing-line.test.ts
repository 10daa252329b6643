import { describe, expect, it } from "vitest";
import { lacksClosingLine } from "./closing-line.ts";

describe("lacksClosingLine", () => {
  it.each([
    ["python3 -m unittest a", "..\n-----\nRan 2 tests in 0.001s\n\nOK\n"],
    ["cargo test --quiet slug", "test result: ok. 3 passed; 0 failed"],
    ["go test ./...", "ok  \tpkg\t0.01s"],
    ["make check", ""],
  ])("takes %j for ended where it says so", (command, output) => {
    expect(lacksClosingLine(command, output)).toBe(false);
  });

  it.each([
    ["python3 -m unittest a", ""],
    ["python3 -m unittest a", "Ran 0 tests in 0.000s\n\nOK"],
    ["cargo test", "running 2 tests\n"],
    ["go test ./...", "? pkg [no test files]"],
  ])("misses the end of %j in %j", (command, output) => {
    expect(lacksClosingLine(command, output)).toBe(true);
  });
});
