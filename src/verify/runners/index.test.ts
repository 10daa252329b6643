import { describe, expect, it } from "vitest";
import { checkRunners, runners } from "./index.ts";

const place = {
  ...{ directory: "/reports/x y", ownFiles: ["/t/check.js"] },
  ...{ nonceFile: "/reports/x y/end", isSecondWay: false },
};

const wordsOf = (text: string) => {
  const [program = "", ...rest] = text.split(" ");
  return { prefix: "", program, rest: rest.map((word) => ` ${word}`).join("") };
};

describe("the table of runners", () => {
  it.each(checkRunners)("$name asks for a report outside the tree and reads its example", (runner) => {
    const { command, report, ids } = runner.example;
    const instrumented = runner.instrument(command, place);
    expect(instrumented?.reportPath).toMatch(/^\/reports\/x y\//);
    expect(instrumented?.text).toMatch(/'[^']*\/reports\/x y[/']/);
    expect(runner.parse(report, "/t")?.map(({ id }) => id)).toEqual(ids);
  });

  it.each(checkRunners)("$name takes no report that was cut short, and no other program", (runner) => {
    const { report } = runner.example;
    const read = () => runner.parse(report.slice(0, Math.floor(report.length * 0.4)), "/t");
    let tests: unknown;
    try {
      tests = read();
    } catch {
      tests = undefined;
    }
    expect(tests).toBeUndefined();
    expect(runner.instrument({ prefix: "", program: "make", rest: " test" }, place)).toBeUndefined();
  });
});

describe("a runner", () => {
  it.each([
    ["vitest", "vitest"],
    ["npx --yes vitest run src", "vitest"],
    ["./node_modules/.bin/jest", "jest"],
    ["yarn jest --runInBand", "jest"],
    ["mocha test/*.js", "mocha"],
    ["python -m pytest tests", "pytest"],
    ["uv run pytest", "pytest"],
    ["corepack yarn jest", "jest"],
    ["node --experimental-vm-modules node_modules/jest/bin/jest.js", "jest"],
    ["node node_modules/.bin/_mocha -b", "mocha"],
    [".venv/bin/python -m pytest -q", "pytest"],
    ["python3 -m unittest discover -s tests", "unittest"],
    ["npx ava --verbose", "ava"],
    ["tap test/*.js", "tap"],
    ["tape 'test/*.js'", "tape"],
    ["go test ./...", "go test"],
    ["cargo test --locked", "cargo test"],
    ["cargo +nightly test", "cargo test"],
    ["node --import tsx --test", "node:test"],
    ["/usr/bin/node --test", "node:test"],
  ])("is recognised in %j", (text, name) => {
    expect(runners.find((runner) => runner.instrument(wordsOf(text), place))?.name).toBe(name);
  });

  it.each(["vitest-runner", "echo vitest", "jest -- --x", "node test.js", "node --test-only x.js", "tox"])(
    "is not seen in %j",
    (text) => {
      expect(runners.find((runner) => runner.instrument(wordsOf(text), place))).toBeUndefined();
    },
  );

  it("is asked for less where Go runs a check, and for another program's name in the second way", () => {
    const asked = (more: object) =>
      runners
        .find(({ name }) => name === "go test")
        ?.instrument(wordsOf("go test ./sum"), { ...place, ...more })?.text;
    expect(asked({})).toContain("go test -json -count=1 -vet=off ./sum");
    expect(asked({ ownFiles: [] })).toContain("go test -json -count=1 ./sum");
    expect(asked({ ownFiles: [], isSecondWay: true })).toContain(" -exec 'sh ");
  });
});
