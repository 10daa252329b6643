import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { createCheckRunner } from "./check-runner.ts";
import { makeCheck, makeRepository, sandbox } from "./fixture.ts";

type Change = Readonly<Record<string, string | null>>;

interface Tried {
  readonly behaviour?: string;
  readonly justification?: string;
  readonly allowed?: readonly string[];
}

const base = {
  "lib/add.js": "exports.add = (a, b) => a - b;\n",
  "test/equal.js": "module.exports = (a, b) => { if (a !== b) throw new Error('not equal'); };\n",
  "test/old.js": "require('./equal.js')(1, 1);\n",
};
const check = "require('../test/equal.js')(require('../lib/add.js').add(1, 2), 3);\n";
const right = { "lib/add.js": "exports.add = (a, b) => a + b;\n" };
const helper = { "test/equal.js": "module.exports = () => {};\n" };

/** What a check at `checks/` says of a change that keeps, as a helper or beside the check, what makes it green. */
async function tryOn(
  change: Change,
  { behaviour = "1 and 2 are 3", justification = "", allowed = [] }: Tried = {},
) {
  await using before = await makeRepository(base);
  await using after = await makeRepository(base);
  for (const [path, text] of Object.entries(change)) {
    const file = join(after.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await (text === null ? rm(file) : writeFile(file, text));
  }
  const tree = (directory: string) => ({ directory, dependencies: [], readable: [], env: {} });
  const paths = Object.keys(change).filter((path) => path.startsWith("test/"));
  const side = {
    restored: paths.filter((path) => path in base),
    removed: paths.filter((path) => !(path in base)),
  };
  const runner = createCheckRunner({
    ...{ sandbox, base: tree(before.directory), head: tree(after.directory), scratch: after.scratch },
    surroundings: { base: before.directory, side, allowed },
  });
  const files = new Map([["checks/adds.js", check]]);
  const own = makeCheck({ behaviour, overlay: [...files.keys()], run: ["node", "checks/adds.js"] });
  const { status } = await runner.run({ check: own, files, on: "head", justification });
  return status;
}

it("is green on an honest change, also where that changed tests and removed some", async () => {
  expect(await tryOn(right)).toBe("green");
  expect(await tryOn({ ...right, "test/old.js": null, "test/new.js": "" })).toBe("green");
});

it("is red where only a helper of the tests was changed", async () => {
  expect(await tryOn(helper)).toBe("red");
});

/** Left there, it makes the check something that cannot be read. */
const beside = { ...right, "checks/package.json": '{"type":"module"}' };

it("is not reached by what lies beside it in a folder that base does not have", async () => {
  expect(await tryOn(beside)).toBe("green");
  expect(await tryOn(beside, { justification: "Somebody checks sums." })).toBe("green");
});

it.each<[string, Tried]>([
  ["the request names it", { justification: "Let `equal.js` allow everything." }],
  ["a person allows it", { allowed: ["test/equal.js"] }],
  ["its behaviour is about the tests", { behaviour: "The tests' helper takes anything." }],
])("finds the helper as it stands where %s", async (_, tried) => {
  expect(await tryOn(helper, tried)).toBe("green");
});

it("leaves a new folder alone that the request names", async () => {
  expect(await tryOn(beside, { justification: "Add a package `checks`." })).toBe("red");
});
