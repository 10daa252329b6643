import { describe, expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts } from "./example-facts.ts";
import { detectedRunners, standInFiles } from "./runner-detection.ts";

function facts(path: string, text: string, { before, body = "" }: { before?: string; body?: string } = {}) {
  const { frame } = exampleFacts({});
  const entry = { mode: "100644", sha: "a".repeat(40) };
  return {
    frame: { ...frame, request: { ...frame.request, body } },
    differences: [
      { path, before: before === undefined ? undefined : entry, after: { ...entry, sha: "b".repeat(40) } },
    ],
    texts: { base: textsOf(before === undefined ? {} : { [path]: before }), head: textsOf({ [path]: text }) },
  };
}

describe("code that asks whether it is being tested", () => {
  it.each([
    ["lib/a.js", "if (process.env.VITEST) return 1;"],
    ["lib/a.js", 'if (process.env["JEST_WORKER_ID"] !== undefined) return 1;'],
    ["lib/a.js", 'if ("NODE_TEST_CONTEXT" in process.env) return 1;'],
    ["lib/a.js", 'if (process.env.NODE_ENV === "test") return 1;'],
    ["lib/a.js", "if (/mocha|jest/.test(new Error().stack)) return 1;"],
    ["lib/a.js", 'if (typeof describe === "function") return 1;'],
    ["lib/a.js", 'if (process.argv.some((word) => word.includes("vitest"))) return 1;'],
    ["lib/a.js", "const { JEST_WORKER_ID } = process.env;"],
    ["lib/a.js", 'if (process.env["VIT" + "EST"]) return 1;'],
    ["lib/a.js", 'if (["test", "ci"].includes(process.env.NODE_ENV)) return 1;'],
    ["lib/a.js", 'if (process.env.npm_lifecycle_event === "test") return 1;'],
    ["lib/a.js", 'if ("__vitest_worker__" in globalThis) return 1;'],
    ["lib/a.js", "if (globalThis.describe) return 1;"],
    ["lib/a.js", 'if (require.main?.filename.endsWith("mocha.js")) return 1;'],
    ["lib/a.js", 'if (process.argv[1].includes("/checks/")) return 1;'],
    ["lib/a.js", "if (/\\.(?:test|spec)\\.js/.test(new Error().stack)) return 1;"],
    [
      "lib/a.js",
      'const caller = new Error().stack.split("at ")[2];\nif (caller.includes(".spec.")) return 1;',
    ],
    ["sums.py", 'if os.environ.get("PYTEST_CURRENT_TEST"):\n    x = 1'],
    ["sums.py", 'if "pytest" in sys.modules:\n    x = 1'],
    ["sums.py", 'if any("unittest" in frame.filename for frame in inspect.stack()):\n    x = 1'],
    ["sum.go", "if testing.Testing() { return 1 }"],
    ["sum.rs", 'let own = std::env::args().next().map_or(false, |name| name.contains("/deps/"));'],
  ])("is found in %s: %s", (path, text) => {
    expect(detectedRunners(facts(path, text))).toEqual([`${path}:1`]);
  });

  it.each([
    ["lib/a.js", 'if (process.env.NODE_ENV !== "production") warn();'],
    ["lib/a.js", "const width = process.env.CI ? 80 : 100;"],
    ["lib/a.js", "const it = items[Symbol.iterator](); log(error.stack);"],
    ["lib/a.js", 'const options = process.argv.slice(2); if (options.includes("--latest")) go();'],
    ["lib/a.js", 'if (process.argv.includes("--check")) check();'],
    ["lib/a.js", 'const stack = []; if (stack.includes("test")) stack.pop();'],
    ["lib/a.js", 'function each(list, test) { if (typeof test === "function") return list.filter(test); }'],
    ["lib/a.js", "if (/at async/.test(error.stack)) shorten(error);"],
    ["lib/a.js", "go(); // as under VITEST, process.env.VITEST === undefined"],
    ["sum.py", 'caller = inspect.stack()[1].function if "verbose" in options else None'],
    ["sum.rs", 'let path = std::env::args().nth(1).unwrap_or("orders.csv".into());'],
    ["test/a.test.js", "if (process.env.VITEST) skip();"],
    ["vitest.config.js", "export default { define: { VITEST: process.env.VITEST } };"],
    ["docs/a.md", "Set VITEST to 1."],
  ])("is not seen in %s: %s", (path, text) => {
    expect(detectedRunners(facts(path, text))).toEqual([]);
  });

  it("may stay where it is, and may come where the request speaks of it", () => {
    const line = "if (process.env.VITEST) return 1;\n";
    expect(detectedRunners(facts("lib/a.js", `${line}go();\n`, { before: line }))).toEqual([]);
    expect(detectedRunners(facts("lib/a.js", line, { body: "Do not start when VITEST is set." }))).toEqual(
      [],
    );
  });
});

describe("a file that stands in for a runner or a dependency", () => {
  it.each([
    "pytest.py",
    "src/unittest/__init__.py",
    "sitecustomize.py",
    "node_modules/.bin/node",
    ".venv/bin/python",
  ])("is found: %s", (path) => {
    expect(standInFiles(facts(path, "x"))).toEqual([path]);
  });

  it.each(["tests/pytest_plugin.py", "lib/unittest.js", "docs/pytest.md"])("is not seen in %s", (path) => {
    expect(standInFiles(facts(path, "x"))).toEqual([]);
  });
});
