import { describe, expect, it } from "vitest";
import { type BubblewrapLaunch, bubblewrapArgv, commandEnvironment, plainArgv } from "./launch.ts";

const launch: BubblewrapLaunch = {
  bwrapPath: "/usr/bin/bwrap",
  prlimitPath: "/usr/bin/prlimit",
  system: [{ path: "/usr" }, { path: "/bin", linkTo: "usr/bin" }],
  mounts: [{ path: "/w/s", access: "write" }],
  guarded: ["/w/s/.git", "/w/s/.github"],
  workspace: "/w/s",
  env: { PATH: "/usr/bin" },
  cpuSeconds: 7,
  argv: ["echo", "--bind", "/", "/"],
};

/** bwrap's own words, from its name to the "--" before the command. */
function flagsOf(change: Partial<BubblewrapLaunch> = {}): string {
  const argv = bubblewrapArgv({ ...launch, ...change });
  return argv.slice(argv.indexOf("/usr/bin/bwrap"), argv.indexOf("/usr/bin/prlimit")).join(" ");
}

describe("bubblewrapArgv", () => {
  it("clears the environment before anything else runs", () => {
    expect(bubblewrapArgv(launch).slice(0, 2)).toEqual(["/usr/bin/env", "-i"]);
  });

  it.each([
    "--unshare-user",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup",
    "--disable-userns",
    "--cap-drop ALL",
    "--new-session",
    "--die-with-parent",
    "--clearenv",
    "--uid 1000",
    "--gid 1000",
    "--ro-bind /usr /usr",
    "--symlink usr/bin /bin",
    "--remount-ro /proc",
    "--remount-ro /",
    "--chdir /w/s",
    "--setenv PATH /usr/bin",
    "--tmpfs /tmp",
    "--tmpfs /home",
    "--ro-bind /w/s/.git /w/s/.git",
  ])("has %s", (flags) => {
    expect(` ${flagsOf()} `).toContain(` ${flags} `);
  });

  it("has no name servers", () => {
    expect(flagsOf()).not.toContain("resolv.conf");
  });

  it("mounts parents before children, a writable mount over a readable one, and the guards after all", () => {
    const flags = flagsOf({
      mounts: [
        { path: "/w/s/.git/inner", access: "write" },
        { path: "/w/s/node_modules", access: "read" },
        { path: "/w/s", access: "write" },
        { path: "/w", access: "write" },
        { path: "/w", access: "read", source: "/real/w" },
      ],
    });
    const order = [
      "--ro-bind /real/w /w",
      "--bind /w /w",
      "--bind /w/s /w/s",
      "--bind /w/s/.git/inner",
      "--ro-bind /w/s/node_modules",
      "--ro-bind /w/s/.git /w/s/.git --ro-bind /w/s/.github",
    ].map((words) => flags.indexOf(words));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((left, right) => left - right));
  });

  it("gives the command its limits and leaves its words alone", () => {
    const argv = bubblewrapArgv(launch);
    expect(argv.slice(argv.indexOf("/usr/bin/prlimit"))).toEqual([
      "/usr/bin/prlimit",
      "--nproc=256",
      "--nofile=1024",
      "--fsize=134217728",
      "--cpu=7",
      "--core=0",
      "--",
      "echo",
      "--bind",
      "/",
      "/",
    ]);
  });
});

describe("plainArgv", () => {
  it("clears the environment and limits the command where prlimit exists", () => {
    const plain = { env: { A: "1" }, cpuSeconds: 7, argv: ["echo", "x"] };
    expect(plainArgv(plain).slice(0, 3)).toEqual(["/usr/bin/env", "-i", "A=1"]);
    expect(plainArgv(plain).slice(-3)).toEqual(["", "echo", "x"]);
    expect(plainArgv({ ...plain, prlimitPath: "/p" }).slice(-8)).toEqual(
      ["", "/p", "--nofile=1024", "--fsize=134217728", "--cpu=7", "--core=0", "--", "echo", "x"].slice(1),
    );
  });
});

describe("commandEnvironment", () => {
  it("has defaults, which the caller may replace", () => {
    expect(commandEnvironment("/h", ["/node/bin"], {})).toMatchObject({
      HOME: "/h",
      PATH: expect.stringMatching(/^\/node\/bin:/),
    });
    expect(commandEnvironment("/h", ["/node/bin"], { PATH: "/only" }).PATH).toBe("/only");
  });

  it.each(["", "A B", "A=B", "1A", "-i"])("refuses the name %j", (name) => {
    expect(() => commandEnvironment("/h", [], { [name]: "x" })).toThrow("variable's name");
  });
});
