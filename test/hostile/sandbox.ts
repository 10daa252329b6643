// What a hostile command tries from inside the sandbox, in real bubblewrap: the network, and more than its share. Each
// script says `escaped` where it got through; what it met instead is the last line that it printed.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { createBubblewrapSandbox } from "../../src/sandbox/bubblewrap.ts";
import {
  createWorkspace,
  hasBwrap,
  isRunning,
  oddSeconds,
  sandboxOptions,
  type Workspace,
} from "../../src/sandbox/fixture.ts";
import type { Held, HostileRow } from "./rows.ts";

export const group = "Sandbox";

const timeoutMs = 60_000;

export function row(name: string, expect: string, act: (workspace: Workspace) => Promise<Held>): HostileRow {
  return {
    group,
    row: name,
    expect,
    async try() {
      await using workspace = await createWorkspace();
      return await act(workspace);
    },
  };
}

export function inside(workspace: Workspace, script: string, files: Readonly<Record<string, string>> = {}) {
  const write = Object.entries(files).map(([name, text]) => `cat >${name} <<'END'\n${text}\nEND\n`);
  const argv = ["/bin/bash", "-c", `${write.join("")}${script}`];
  return createBubblewrapSandbox(sandboxOptions).run({ argv, workspace: workspace.path, timeoutMs });
}

export function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.slice(0, 160) ?? "";
}

/** Held where the script never says `escaped`, and says this. */
export function script(name: string, expect: string, text: string, says: RegExp): HostileRow {
  return row(name, expect, async (workspace) => {
    const { output } = await inside(workspace, text);
    return { held: !output.includes("escaped") && says.test(output), by: lastLine(output) };
  });
}

const connect = (target: string) =>
  `timeout 3 /bin/bash -c 'exec 3<>/dev/${target} && echo x >&3 && echo escaped' 2>&1 || echo "no way to ${target}"`;

async function listen(on: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.end("reached\n"));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(on, resolve));
  return server;
}

const network: readonly HostileRow[] = [
  script("the metadata address", "refused", connect("tcp/169.254.169.254/80"), /no way to/),
  row("loopback of the host", "refused", async (workspace) => {
    const server = await listen({ port: 0, host: "127.0.0.1" });
    try {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const { output } = await inside(workspace, connect(`tcp/127.0.0.1/${port}`));
      return { held: !output.includes("escaped") && output.includes("no way to"), by: lastLine(output) };
    } finally {
      server.close();
    }
  }),
  script("a name server by UDP", "unreachable", connect("udp/8.8.8.8/53"), /no way to/),
  script(
    "a name looked up",
    "unknown",
    "getent hosts example.com && echo escaped || echo 'no name is known'",
    /no name is known/,
  ),
  row("an abstract socket of the host", "refused", async (workspace) => {
    const name = `agent-harness-${randomBytes(6).toString("hex")}`;
    const server = await listen({ path: `\0${name}` });
    try {
      const ask = `node -e 'require("net").connect("\\0${name}").on("connect", () => console.log("escaped")).on("error", (e) => console.log(e.code))'`;
      const { output } = await inside(workspace, ask);
      return { held: /ECONNREFUSED/.test(output) && !output.includes("escaped"), by: lastLine(output) };
    } finally {
      server.close();
    }
  }),
  row("a socket of the host in a folder", "not there", async (workspace) => {
    await using outside = await createWorkspace();
    const path = join(outside.path, "service.sock");
    const server = await listen({ path });
    try {
      const ask = `node -e 'require("net").connect(process.argv[1]).on("connect", () => console.log("escaped")).on("error", (e) => console.log(e.code))' ${path}`;
      const { output } = await inside(workspace, ask);
      return { held: /ENOENT/.test(output), by: lastLine(output) };
    } finally {
      server.close();
    }
  }),
];

const forks = `const { spawn } = require("node:child_process");
let failed = "none";
for (let i = 0; i < 400; i += 1)
  spawn("/usr/bin/sleep", ["20"], { stdio: "ignore" }).on("error", (error) => { failed = error.code; });
setTimeout(() => { console.log(failed === "EAGAIN" ? "EAGAIN" : "escaped " + failed); process.exit(); }, 1000);`;

/** What the tool host does with a command, which is how a session meets the sandbox. */
async function inToolHost(workspace: Workspace, command: string): Promise<string> {
  const sandbox = createBubblewrapSandbox(sandboxOptions);
  await using host = await sandbox.openToolHost({ workspace: workspace.path, readOnly: false });
  return (await host.call("bash", { command }, { timeoutMs })).text;
}

const write = "head -c 200000000 /dev/zero >big; stat -c %s big";

async function stoppedAt(size: string): Promise<Held> {
  const bytes = Number(lastLine(size));
  return { held: bytes > 0 && bytes < 200_000_000, by: `the file ended at ${bytes} bytes` };
}

const limits: readonly HostileRow[] = [
  row("400 forks", "EAGAIN", async (workspace) => {
    const { output } = await inside(workspace, "node forks.cjs", { "forks.cjs": forks });
    return { held: /^EAGAIN$/m.test(output), by: lastLine(output) };
  }),
  row("a 200 MB write", "stopped at the cap", async (workspace) =>
    stoppedAt((await inside(workspace, write)).output),
  ),
  row("a 200 MB write in the session's shell", "stopped at the cap", async (workspace) =>
    stoppedAt(await inToolHost(workspace, write)),
  ),
  row("a 200 MB write to /tmp", "stopped at the cap", async (workspace) =>
    stoppedAt((await inside(workspace, write.replaceAll("big", "/tmp/big"))).output),
  ),
  row("a background process of a command", "dead when the command ends", async (workspace) => {
    const seconds = oddSeconds();
    await inside(workspace, `setsid nohup sleep ${seconds} >/dev/null 2>&1 & sleep 0.2`);
    return { held: !isRunning(seconds), by: "its pid namespace ended" };
  }),
  row("a background process of the session", "dead when the session ends", async (workspace) => {
    const seconds = oddSeconds();
    await inToolHost(workspace, `(setsid nohup sleep ${seconds} >/dev/null 2>&1 &) ; sleep 0.2`);
    return { held: !isRunning(seconds), by: "its pid namespace ended" };
  }),
  row("`kill -9 -1`", "nothing outside is hit", async (workspace) => {
    const seconds = oddSeconds();
    const bystander = execFile("sleep", [seconds]);
    try {
      await inside(workspace, "kill -9 -1; echo on");
      return { held: isRunning(seconds), by: "it sees no process but its own" };
    } finally {
      bystander.kill("SIGKILL");
    }
  }),
];

/** None where bubblewrap is missing, which the fixture says on standard error. */
export const rows: readonly HostileRow[] = hasBwrap ? [...network, ...limits] : [];
