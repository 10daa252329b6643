import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createWorkspace, hasBwrap } from "./fixture.ts";
import { explainFailure, probeSandbox } from "./probe.ts";

describe("probeSandbox", () => {
  it.skipIf(!hasBwrap)("says yes where bwrap works", async () => {
    expect(await probeSandbox()).toEqual({ ok: true });
  });

  it("names the missing program and the command that installs it", async () => {
    expect(await probeSandbox({ bwrapPath: "/no/such/bwrap" })).toEqual({
      ok: false,
      reason: "/no/such/bwrap is missing",
      mend: expect.stringContaining("apt-get install --yes bubblewrap"),
    });
  });

  it("passes on what a bwrap that fails has said", async () => {
    await using directory = await createWorkspace({
      bwrap: "#!/bin/sh\necho 'bwrap: Unknown option --disable-userns' >&2\nexit 1\n",
    });
    const bwrapPath = join(directory.path, "bwrap");
    await chmod(bwrapPath, 0o755);
    expect(await probeSandbox({ bwrapPath })).toMatchObject({
      ok: false,
      reason: "bwrap is older than 0.8.0 (bwrap: Unknown option --disable-userns)",
    });
  });

  it("does not take a program that only succeeds for a sandbox", async () => {
    await using directory = await createWorkspace({ bwrap: "#!/bin/sh\nexit 0\n" });
    const bwrapPath = join(directory.path, "bwrap");
    await chmod(bwrapPath, 0o755);
    expect(await probeSandbox({ bwrapPath })).toMatchObject({ ok: false });
  });
});

describe("explainFailure", () => {
  const denied = "bwrap: setting up uid map: Permission denied";
  it.each([
    [
      { "kernel/apparmor_restrict_unprivileged_userns": "1" },
      denied,
      /sudo tee \/etc\/apparmor\.d\/bwrap .*apparmor_parser -r/,
    ],
    [
      { "kernel/unprivileged_userns_clone": "0" },
      denied,
      /^sudo sysctl -w kernel\.unprivileged_userns_clone=1$/,
    ],
    [
      { "user/max_user_namespaces": "0" },
      "bwrap: No space left on device",
      /^sudo sysctl -w user\.max_user_namespaces=/,
    ],
    [{}, "bwrap: Can't mount proc on /newroot/proc: Operation not permitted", /systempaths=unconfined/],
    [{}, "bwrap: something new", /run it by hand/],
  ])("finds the mend for %j and %j", (settings, output, mend) => {
    const found = explainFailure({ bwrapPath: "/usr/bin/bwrap", output, settings });
    expect(found.mend).toMatch(mend);
    expect(found.reason).toContain(output);
  });
});
