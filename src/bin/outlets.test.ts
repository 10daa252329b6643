import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createOutlets } from "./outlets.ts";

function withOutlets(
  act: (outlets: ReturnType<typeof createOutlets>, read: (name: string) => string) => void,
) {
  const folder = mkdtempSync(join(tmpdir(), "outlets-"));
  let said = "";
  try {
    const outlets = createOutlets({
      secrets: ["a-secret-of-mine"],
      resumeWord: "word",
      write: (text) => {
        said += text;
      },
      outputFile: join(folder, "output"),
      summaryFile: join(folder, "summary"),
    });
    act(outlets, (name) => (name === "log" ? said : readFileSync(join(folder, name), "utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("commands are stopped before the first line and resumed for the error alone", () => {
  withOutlets(({ log, fail }, read) => {
    log.line("::set-env name=A::b\n::add-path::/tmp a-secret-of-mine");
    fail("100% wrong:\r::set-output name=x::y");
    expect(read("log")).toBe(
      "::stop-commands::word\n: :set-env name=A::b ⏎ ::add-path::/tmp «redacted»\n::word::\n::error::100%25 wrong: ⏎ ::set-output name=x::y\n",
    );
    expect(read("output")).toMatch(/^failure<<(end-[\da-f-]+)\n100% wrong: ⏎ ::set-output name=x::y\n\1\n$/);
  });
});

test("a value cannot end its output and begin another", () => {
  withOutlets(({ output }, read) => {
    output("one", "a\nend-\ntwo<<x\nb\nx");
    const [, delimiter = ""] = /^one<<(end-[\da-f-]{36})\n/.exec(read("output")) ?? [];
    expect(
      read("output")
        .split("\n")
        .filter((line) => line === delimiter),
    ).toHaveLength(1);
  });
});

test("summaries share the room that a step has", () => {
  withOutlets(({ summary }, read) => {
    summary("x".repeat(999_990));
    summary("y".repeat(100));
    summary("z");
    expect(Buffer.byteLength(read("summary"))).toBeLessThanOrEqual(1_048_576);
    expect(read("summary")).not.toContain("z");
  });
});
