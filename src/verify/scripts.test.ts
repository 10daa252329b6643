import { describe, expect, it } from "vitest";
import { makeRepository } from "./fixture.ts";
import { readScripts, targetsIn } from "./scripts.ts";

describe("a Makefile's targets", () => {
  it("are their recipes, what they need first", () => {
    const text = ".PHONY: test\nNAME := x\n\nbuild:\n\t@tsc\n\ntest: build\n\t@node --test\n\t@echo done\n";
    expect(targetsIn(text)).toEqual({
      "make build": "tsc",
      "make test": "make build && node --test && echo done",
    });
  });

  it.each([
    ["a variable", "test:\n\t$(PYTHON) -m pytest\n"],
    ["a line that goes on", "test:\n\tnode \\\n\t--test\n"],
    ["a failure that is ignored", "test:\n\t-node --test\n"],
    ["no recipe", "test: build\n"],
  ])("are left to make where there is %s", (_, text) => {
    expect(targetsIn(text)).toEqual({});
  });

  it("stand beside the manifest's scripts", async () => {
    await using repository = await makeRepository({
      "package.json": '{"scripts":{"test":"tape"}}',
      Makefile: "test:\n\tnpm test\n\nlint:\n\tcd src\n\teslint\n",
    });
    expect(await readScripts(repository.directory)).toEqual({ test: "tape", "make test": "npm test" });
  });
});
