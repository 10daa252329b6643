// A large package with tests in node:test; its real hole CVE-2025-32442, and a question that only a person can answer.
import { expect, test } from "vitest";
import { playPackage } from "./play-package.ts";

/** The registry's tarball has all tests, but most of its development tools are not needed for those run here. */
const adaptation = {
  withoutDevDependencies: true,
  files: {
    ".github/agent-harness.yml": "test: node --test test/content-*.test.js test/500s.test.js\n",
  },
};

test("fastify's task waits for an answer and goes on with it", { timeout: 240_000 }, async (context) => {
  const { code, report, files, types } = await playPackage(
    {
      name: "fastify",
      version: "5.3.0",
      adaptation,
      says: ["/continue Yes: keys of `content` may be written in any case too."],
    },
    context,
  );
  expect(files).toBeGreaterThan(300);
  expect(code).toBe(0);
  expect(report.frame?.kind).toBe("bugfix");
  expect(types.filter((type) => /asked|answered|ready/.test(type))).toEqual(["asked", "answered", "ready"]);
  expect(types.filter((type) => type === "sealed")).toHaveLength(2);
  expect(report.verdicts.at(-1)?.result).toBe("pass");
});
