import { describe, expect, it } from "vitest";
import { mergeManifest } from "./manifest-sections.ts";

const json = (value: object) => JSON.stringify(value);

describe("a manifest's runner sections", () => {
  it("come from base, everything else from head", () => {
    const base = json({ version: "1.0.0", scripts: { test: "jest" }, jest: { bail: 1 }, ava: {} });
    const head = json({
      version: "1.1.0",
      scripts: { test: "true", start: "x" },
      jest: { bail: 2 },
      mocha: {},
      type: "module",
    });
    const merged = mergeManifest("package.json", base, head);
    expect(JSON.parse(merged?.text ?? "")).toEqual({
      ...{ version: "1.1.0", type: "module", scripts: { test: "jest" }, jest: { bail: 1 }, ava: {} },
    });
    expect(merged?.changed).toEqual(["scripts.test", "jest", "mocha", "ava"]);
  });

  it.each([
    ["a new script", { scripts: { test: "jest", start: "node ." } }],
    ["a new dependency", { scripts: { test: "jest" }, dependencies: { a: "1" } }],
  ])("are the same with %s", (_, head) => {
    expect(mergeManifest("package.json", json({ scripts: { test: "jest" } }), json(head))).toBeUndefined();
  });

  it("differ by a hook that the package manager runs by itself", () => {
    const [base, head] = [
      json({ scripts: { test: "jest" } }),
      json({ scripts: { test: "jest", pretest: "rm -r test" } }),
    ];
    expect(mergeManifest("packages/a/package.json", base, head)?.changed).toEqual(["scripts.pretest"]);
  });

  it("are found in pyproject.toml and setup.cfg", () => {
    const base = '[project]\nname = "a"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n';
    const head =
      '[project]\nname = "b"\n\n[tool.pytest.ini_options]\naddopts = "-k nothing"\n\n[tool.black]\nline = 1\n';
    expect(mergeManifest("pyproject.toml", base, head)?.text).toBe(
      '[project]\nname = "b"\n\n[tool.black]\nline = 1\n\n[tool.pytest.ini_options]\naddopts = "-q"\n',
    );
    expect(
      mergeManifest("setup.cfg", "[tool:pytest]\na = 1\n", "[tool:pytest]\na = 2\n[metadata]\nb = 1\n")?.text,
    ).toBe("[metadata]\nb = 1\n\n[tool:pytest]\na = 1\n");
  });

  it("are left alone where a file is no manifest, or is not readable", () => {
    expect(mergeManifest("package.json", "{", "{}")).toBeUndefined();
    expect(mergeManifest("data.json", '{"jest":1}', '{"jest":2}')).toBeUndefined();
  });
});
