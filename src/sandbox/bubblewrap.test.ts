// What a hostile command meets inside bwrap. What both sandboxes promise is in the contract tests.

import { execFile } from "node:child_process";
import { readdir, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Network } from "../ports.ts";
import { createBubblewrapSandbox } from "./bubblewrap.ts";
import { createWorkspace, hasBwrap, isRunning, oddSeconds, sandboxOptions } from "./fixture.ts";

const sandbox = createBubblewrapSandbox(sandboxOptions);
const timeoutMs = 30_000;

async function bash(workspace: string, script: string, more: { network?: Network; readOnly?: boolean } = {}) {
  const result = await sandbox.run({ argv: ["/bin/bash", "-c", script], workspace, timeoutMs, ...more });
  return result.output;
}

describe.skipIf(!hasBwrap)("a hostile command in the sandbox", () => {
  it("reaches neither the host's loopback, nor the metadata address, nor a name server", async () => {
    await using workspace = await createWorkspace();
    const server = createServer((socket) => socket.end("reached\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      const script = `
        try() { timeout 3 /bin/bash -c "exec 3<>/dev/$1 && echo x >&3 && head -1 <&3" && echo "$1 open" || echo "$1 refused"; }
        try tcp/127.0.0.1/${port}; try tcp/169.254.169.254/80; try udp/8.8.8.8/53; getent hosts localhost`;
      const output = await bash(workspace.path, script);
      expect(output).toContain(`tcp/127.0.0.1/${port} refused`);
      expect(output).toContain("tcp/169.254.169.254/80 refused");
      expect(output).toContain("udp/8.8.8.8/53 refused");
      expect(output).not.toContain("open");
      const withHosts = await bash(workspace.path, script, { network: { hosts: ["registry.example"] } });
      expect(withHosts).not.toContain("open");
      // The same question outside is answered: the refusals above are the sandbox's.
      const ask = `exec 3<>/dev/tcp/127.0.0.1/${port} && head -1 <&3`;
      const outside = await promisify(execFile)("/bin/bash", ["-c", ask]);
      expect(outside.stdout).toBe("reached\n");
    } finally {
      server.close();
    }
  });

  it("runs out of processes", async () => {
    await using workspace = await createWorkspace();
    const forks = `
      const { spawn } = require("node:child_process");
      let failed = "";
      for (let i = 0; i < 400; i += 1) spawn("/usr/bin/sleep", ["20"], { stdio: "ignore" }).on("error", (e) => { failed = e.code; });
      setTimeout(() => { console.log("result", failed); process.exit(); }, 300);`;
    const result = await sandbox.run({ argv: ["node", "-e", forks], workspace: workspace.path, timeoutMs });
    expect(result.output).toContain("result EAGAIN");
  });

  it("has no process left at the moment when its result is there", async () => {
    await using workspace = await createWorkspace();
    const seconds = oddSeconds();
    const script = `for i in {1..200}; do setsid sleep ${seconds} >/dev/null 2>&1 & done
      until [ "$(pgrep -c -x sleep)" = 200 ]; do sleep 0.05; done; echo all`;
    expect(await bash(workspace.path, script)).toBe("all\n");
    expect(isRunning(seconds)).toBe(false);
  });

  it("cannot make another user namespace", async () => {
    await using workspace = await createWorkspace();
    const output = await bash(workspace.path, "unshare --user echo inside || echo refused");
    expect(output).toContain("refused");
    expect(output).not.toContain("inside");
  });

  it("has no capability, and is not root", async () => {
    await using workspace = await createWorkspace();
    const output = await bash(
      workspace.path,
      "id -u; whoami; grep -E 'CapEff|CapPrm|CapBnd|NoNewPrivs' /proc/self/status",
    );
    expect(output).toMatch(/^1000\nagent\nCapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1\n$/);
  });

  it("cannot write kernel settings, devices, system directories or the root", async () => {
    await using workspace = await createWorkspace();
    const script = `for f in /proc/sys/kernel/domainname /dev/new /usr/new /etc/new /new /etc/passwd; do
      (echo x >$f) 2>/dev/null && echo "wrote $f"; done; echo x >/dev/null && echo fine`;
    expect(await bash(workspace.path, script)).toBe("fine\n");
  });

  it("sees nothing of the machine's homes, processes, and temporary files", async () => {
    await using workspace = await createWorkspace();
    await using other = await createWorkspace({ "secret.txt": "hidden" });
    const script = `cat ${other.path}/secret.txt; ls /root /home /tmp; ls /etc/shadow; ls -d /proc/[0-9]* | wc -l; hostname`;
    const output = await bash(workspace.path, script);
    expect(output).not.toContain("hidden");
    expect(output).toContain("'/root': No such file");
    expect(output).toContain("'/etc/shadow': No such file");
    expect(output).toMatch(/\n\d\nsandbox\n$/);
  });

  it("can neither rename nor write .git, .github and .harness", async () => {
    await using workspace = await createWorkspace({
      ".git/config": "real",
      ".github/workflows/ci.yml": "real",
      ".harness/issue-1/seal.json": "real",
    });
    const script = `mv .git g; mv .github h; rm -rf .git .github .harness; echo x >.git/config; echo x >.github/workflows/ci.yml
      echo x >.harness/issue-1/seal.json; mv .harness i
      mkdir -p .git/hooks; chmod 777 .git; echo fine`;
    const output = await bash(workspace.path, script);
    expect(output.match(/Device or resource busy/g)?.length).toBeGreaterThanOrEqual(2);
    expect(output).toContain("Read-only file system");
    expect(output).toContain("fine");
    expect(await workspace.read(".git/config")).toBe("real");
    expect(await workspace.read(".github/workflows/ci.yml")).toBe("real");
    expect(await workspace.read(".harness/issue-1/seal.json")).toBe("real");
  });

  it("cannot plant a .git where there was none, and leaves no empty one", async () => {
    await using workspace = await createWorkspace();
    const output = await bash(
      workspace.path,
      "git init -q . ; mkdir -p .git/hooks; echo x >.git/config; touch made",
    );
    expect(output).toContain("Read-only file system");
    expect(await readdir(workspace.path)).toEqual(["made"]);
  });

  it("keeps a missing .git guarded while another command of the same workspace ends", async () => {
    await using workspace = await createWorkspace();
    await using host = await sandbox.openToolHost({ workspace: workspace.path, readOnly: false });
    await bash(workspace.path, "true");
    const result = await host.call(
      "bash",
      { command: "mkdir -p .git && echo x >.git/config" },
      { timeoutMs },
    );
    expect(result).toMatchObject({ isError: true, text: expect.stringContaining("Read-only file system") });
  });

  it("is not started where .git is a link", async () => {
    await using workspace = await createWorkspace();
    await using outside = await createWorkspace();
    await symlink(outside.path, join(workspace.path, ".git"));
    await expect(bash(workspace.path, "true")).rejects.toThrow(/\.git.*found a link/);
  });

  it("keeps a .git file as it is", async () => {
    await using workspace = await createWorkspace({ ".git": "gitdir: elsewhere" });
    expect(await bash(workspace.path, "rm .git; mv .git g; echo x >.git")).toContain(
      "Device or resource busy",
    );
    expect(await workspace.read(".git")).toBe("gitdir: elsewhere");
  });

  it("runs nothing outside when a planted repository asks git to", async () => {
    await using workspace = await createWorkspace();
    await using outside = await createWorkspace();
    const script = `git init -q nested && cd nested && git config core.fsmonitor "touch ${outside.path}/escaped; touch ran; false"
      git status --short`;
    await bash(workspace.path, script);
    expect(await workspace.read("nested/ran")).toBe("");
    expect(await readdir(outside.path)).toEqual([]);
  });

  it("reads and writes the extra paths as they were given, and no others", async () => {
    await using workspace = await createWorkspace();
    await using readable = await createWorkspace({ "a.txt": "readable" });
    await using writable = await createWorkspace();
    const result = await sandbox.run({
      argv: [
        "/bin/bash",
        "-c",
        `cat ${readable.path}/a.txt; echo x >${readable.path}/b; echo y >${writable.path}/c`,
      ],
      workspace: workspace.path,
      timeoutMs,
      readable: [readable.path],
      writable: [writable.path],
    });
    expect(result.output).toContain("readable");
    expect(result.output).toContain("Read-only file system");
    expect([await readdir(readable.path), await writable.read("c")]).toEqual([["a.txt"], "y\n"]);
  });

  it("gets no extra path that a link in the workspace leads elsewhere", async () => {
    await using workspace = await createWorkspace();
    await using outside = await createWorkspace();
    await symlink(outside.path, join(workspace.path, "cache"));
    const writable = [join(workspace.path, "cache")];
    const spec = { argv: ["true"], workspace: workspace.path, timeoutMs, writable };
    await expect(sandbox.run(spec)).rejects.toThrow("remove the link");
  });

  it("keeps .git guarded although the caller made a path inside it writable", async () => {
    await using workspace = await createWorkspace({ ".git/config": "real" });
    const writable = [workspace.path, join(workspace.path, ".git")];
    const argv = ["/bin/bash", "-c", "echo x >.git/config"];
    await sandbox.run({ argv, workspace: workspace.path, timeoutMs, writable });
    expect(await workspace.read(".git/config")).toBe("real");
  });
});
