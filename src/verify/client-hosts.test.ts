import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createWorkspace } from "../sandbox/fixture.ts";
import { clientHosts, hostsIn } from "./client-hosts.ts";
import { sandbox } from "./fixture.ts";

it("finds hosts in addresses, the forge's own and numbers left out", () => {
  const text = `resolved "https://mirror.example/a/-/a.tgz", https://mirror.example:8443/b git+https://github.com/a/b
    http://127.0.0.1/x https://codeload.github.com/x "https://user:pass@other.example/x"`;
  expect(hostsIn(text)).toEqual(["mirror.example", "mirror.example:8443", "other.example"]);
});

it("asks the package client that the manifest is for, and reads its settings and lock files", async () => {
  await using tree = await createWorkspace({ "README.md": "none" });
  expect(await clientHosts(sandbox, tree.path)).toEqual([]);
  await writeFile(join(tree.path, "package.json"), "{}");
  const usual = await clientHosts(sandbox, tree.path);
  expect(usual).toHaveLength(1);
  await writeFile(
    join(tree.path, ".npmrc"),
    "@own:registry=https://own.example/npm/\n//own.example/:_authToken=t\n",
  );
  await writeFile(join(tree.path, "yarn.lock"), 'resolved "https://lock.example/a.tgz#1"\n');
  expect(await clientHosts(sandbox, tree.path)).toEqual([...usual, "lock.example", "own.example"].sort());
});
