// What a hostile command tries from inside the sandbox, in real bubblewrap. Each script says `escaped` where it got
// through; what it met instead is the last line that it printed.
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitBlobSha } from "../../src/core/hash.ts";
import { sessionHygiene } from "../../src/jobs/session-hygiene.ts";
import { createBubblewrapSandbox } from "../../src/sandbox/bubblewrap.ts";
import {
  createWorkspace,
  hasBwrap,
  isRunning,
  oddSeconds,
  sandboxOptions,
  type Workspace,
} from "../../src/sandbox/fixture.ts";
import { collectChange, snapshot } from "../../src/session/collect-change.ts";
import { listTree } from "../../src/verify/git-objects.ts";
import type { Held, HostileRow } from "./rows.ts";

export const group = "Sandbox";

const execute = promisify(execFile);
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

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1)?.slice(0, 160) ?? "";
}

/** Held where the script never says `escaped`, and says this. */
function script(name: string, expect: string, text: string, says: RegExp): HostileRow {
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

const hold: readonly HostileRow[] = [
  script(
    "a nested user namespace",
    "refused",
    "unshare --user --map-root-user id 2>&1 && echo escaped; unshare --user true 2>&1 && echo escaped; echo refused",
    /refused/,
  ),
  script(
    "a nested sandbox with all capabilities",
    "refused",
    "bwrap --unshare-user --uid 0 --bind / / id 2>&1 && echo escaped; echo refused",
    /refused/,
  ),
  script(
    "mounting over a folder",
    "refused",
    "mount -t tmpfs none /tmp 2>&1 && echo escaped; mount --bind /tmp .git 2>&1 && echo escaped; echo refused",
    /refused/,
  ),
  row("renaming `.git`", "EBUSY", async () => {
    await using workspace = await createWorkspace({ ".git/config": "real" });
    const { output } = await inside(
      workspace,
      "mv .git g && echo escaped; echo x >.git/config && echo escaped",
    );
    const isWhole = (await workspace.read(".git/config")) === "real";
    return {
      held: isWhole && /Device or resource busy/.test(output) && !output.includes("escaped"),
      by: lastLine(output),
    };
  }),
  row("a hook in `.git`, a workflow in `.github`", "refused", async () => {
    await using workspace = await createWorkspace({
      ".git/config": "real",
      ".github/workflows/ci.yml": "real",
    });
    const text =
      "mkdir -p .git/hooks && echo escaped; echo x >.github/workflows/x.yml && echo escaped; rm -rf .github; echo refused";
    const { output } = await inside(workspace, text);
    const found = await readdir(join(workspace.path, ".github/workflows"));
    return { held: !output.includes("escaped") && found.join() === "ci.yml", by: "both are read-only" };
  }),
  row("planting a `.git` where none was", "refused", async (workspace) => {
    const { output } = await inside(
      workspace,
      "mkdir -p .git/hooks && echo escaped; git init -q . && echo escaped; echo refused",
    );
    const found = await readdir(workspace.path);
    return { held: !output.includes("escaped") && found.length === 0, by: lastLine(output) };
  }),
  script(
    "kernel settings, devices, the system's folders",
    "read-only",
    "for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /sys/kernel/x /dev/new /usr/new /etc/new /new; do (echo x >$f) 2>/dev/null && echo escaped; done; echo refused",
    /refused/,
  ),
];

async function fromParent(workspace: Workspace, text: string, open = ""): Promise<string[]> {
  const program = new URL("./sandbox-parent.ts", import.meta.url).pathname;
  const node = [process.execPath, program, workspace.path, text];
  const { stdout } = await execute("/bin/bash", ["-c", `${open}exec "$@"`, "parent", ...node], {
    env: { PATH: "/usr/bin:/bin", ANTHROPIC_API_KEY: "canary-in-the-environment" },
    maxBuffer: 16 * 1024 * 1024,
  });
  const outputs: unknown = JSON.parse(stdout);
  return Array.isArray(outputs) ? outputs.map(String) : [];
}

const inherited: readonly HostileRow[] = [
  row("`/proc/1/environ` and every other process's", "no key", async (workspace) => {
    const outputs = await fromParent(
      workspace,
      "cat /proc/1/environ /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; echo end",
    );
    const isClean = outputs.every((output) => output.includes("end") && !output.includes("canary"));
    return { held: outputs.length === 2 && isClean, by: "the launcher starts with an empty environment" };
  }),
  row("memory of the processes it sees", "no key", async (workspace) => {
    const look =
      "for p in /proc/[0-9]*; do for w in environ cmdline maps; do grep -as canary-in $p/$w && echo escaped; done; grep -asc canary-in $p/mem && echo escaped; done; echo end";
    const outputs = await fromParent(workspace, look.replaceAll("canary-in", "canary[-]in"));
    return {
      held: outputs.every((output) => !output.includes("escaped")),
      by: "the key's process is in another namespace",
    };
  }),
  row("inherited descriptors", "closed", async (workspace) => {
    await using outside = await createWorkspace({ "secret.txt": "canary-in-a-file" });
    const open = `exec 40<"${join(outside.path, "secret.txt")}"; `;
    const look = "cat <&40; for fd in /proc/[0-9]*/fd/*; do readlink $fd; done; echo end";
    const outputs = await fromParent(workspace, look, open);
    const isClean = outputs.every((output) => output.includes("end") && !/canary|secret\.txt/.test(output));
    return { held: outputs.length === 2 && isClean, by: "the launcher closes what it was not given" };
  }),
  script(
    "the machine's homes and secrets",
    "not there",
    "ls /root/* /home/*/.ssh /etc/shadow /run/secrets 2>/dev/null && echo escaped; echo 'none of them'",
    /none of them/,
  ),
];

const monitor = (marker: string) => `[core]
	repositoryformatversion = 0
	fsmonitor = "touch ${marker}; false"
	hooksPath = hooks
	sshCommand = "touch ${marker}"
	pager = "touch ${marker}"
`;

const planted: readonly HostileRow[] = [
  row(
    "`git status` in a planted repository with `core.fsmonitor`",
    "nothing runs outside",
    async (workspace) => {
      await using outside = await createWorkspace();
      const marker = join(outside.path, "escaped");
      const text = `git init -q nested && cd nested && git config core.fsmonitor "touch ${marker}; touch ran; false" && git status --short`;
      await inside(workspace, text);
      const ran = existsSync(join(workspace.path, "nested/ran"));
      return { held: ran && !existsSync(marker), by: "its program ran inside, where that path is not there" };
    },
  ),
  row(
    "what the harness does with a tree that holds planted repositories",
    "git runs in none of them",
    async () => {
      await using workspace = await createWorkspace({ "a.js": "export const a = 1;\n" });
      await using outside = await createWorkspace();
      const marker = join(outside.path, "escaped");
      const env = { PATH: "/usr/bin:/bin", HOME: outside.path };
      const git = (...words: string[]) =>
        execute("git", ["-C", workspace.path, "-c", "user.name=t", "-c", "user.email=t@t", ...words], {
          env,
        });
      await git("init", "-q");
      await git("add", "-A");
      await git("commit", "-qm", "start");
      const listing = await listTree(workspace.path, "HEAD");
      const from = snapshot(workspace.path, listing);
      const digest = createHash("sha256")
        .update((await workspace.read(".git/config")) ?? "")
        .digest("hex");
      await inside(
        workspace,
        "mkdir -p nested/.git/hooks nested/.git/objects nested/.git/refs; echo 'ref: refs/heads/main' >nested/.git/HEAD; cp planted nested/.git/config; echo '* filter=x' >nested/.gitattributes; echo 'export const a = 2;' >a.js",
        {
          planted: monitor(marker),
        },
      );
      const found = collectChange(from, { ticket: "t", parent: "0".repeat(40) });
      await sessionHygiene({ workspace: workspace.path, listing, asked: "" })(found);
      const isSame =
        digest ===
        createHash("sha256")
          .update((await workspace.read(".git/config")) ?? "")
          .digest("hex");
      const refused = found.refused.map(({ path }) => path);
      return {
        held: isSame && !existsSync(marker) && refused.includes("nested/.git"),
        by: `it is read as files; refused: ${refused.join(", ")}`,
      };
    },
  ),
  row("tracked files that became links, at `claim`", "not read through", async () => {
    await using outside = await createWorkspace({ "secret.js": "export const canaryOfTheHost = 1;\n" });
    await using workspace = await createWorkspace({
      "a.js": "export const first = 1;\n",
      "b.js": "export const second = 2;\n",
      "c.js": "export const third = 3;\n",
    });
    const tree = new Map<string, { readonly mode: string; readonly sha: string }>();
    for (const name of ["a.js", "b.js", "c.js"])
      tree.set(name, { mode: "100644", sha: gitBlobSha(Buffer.from((await workspace.read(name)) ?? "")) });
    const from = snapshot(workspace.path, tree);
    // What the note says of a name tells whether the other file has it.
    const text = `ln -sf ${outside.path}/secret.js b.js; ln -sf /dev/zero c.js; echo 'export const canaryOfTheHost = 2;' >new.js`;
    await inside(workspace, text);
    const found = collectChange(from, { ticket: "t", parent: "0".repeat(40) });
    const notes = await sessionHygiene({ workspace: workspace.path, listing: tree, asked: "" })(found);
    return {
      held: notes.some((note) => note.includes("canaryOfTheHost")),
      by: `a file counts only with the content it had; ${notes.join("; ")}`,
    };
  }),
];

/** None where bubblewrap is missing, which the fixture says on standard error. */
export const rows: readonly HostileRow[] = hasBwrap
  ? [...network, ...limits, ...hold, ...inherited, ...planted]
  : [];
