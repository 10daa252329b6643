// What a hostile command may not change, see or plant: git's folder, the kernel, what its parent holds, what the harness
// reads of its tree afterwards.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitBlobSha, sha256 } from "../../src/core/hash.ts";
import { sessionHygiene } from "../../src/jobs/session-hygiene.ts";
import { createWorkspace, hasBwrap, type Workspace } from "../../src/sandbox/fixture.ts";
import { collectChange, snapshot } from "../../src/session/collect-change.ts";
import { listTree } from "../../src/verify/git-objects.ts";
import type { HostileRow } from "./rows.ts";
import { inside, lastLine, row, script } from "./sandbox.ts";

const execute = promisify(execFile);

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
    'for f in /root/* /home/*/.ssh /home/*/.config /home/*/.npmrc /etc/shadow /run/* /var/run/*; do [ -e "$f" ] && echo "escaped $f"; done; echo \'none of them\'',
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
      const digest = sha256((await workspace.read(".git/config")) ?? "");
      await inside(
        workspace,
        "mkdir -p nested/.git/hooks nested/.git/objects nested/.git/refs; echo 'ref: refs/heads/main' >nested/.git/HEAD; cp planted nested/.git/config; echo '* filter=x' >nested/.gitattributes; echo 'export const a = 2;' >a.js",
        {
          planted: monitor(marker),
        },
      );
      const found = collectChange(from, { ticket: "t", parent: "0".repeat(40) });
      await sessionHygiene({ workspace: workspace.path, listing, asked: "" })(found);
      const isSame = digest === sha256((await workspace.read(".git/config")) ?? "");
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

export const rows: readonly HostileRow[] = hasBwrap ? [...hold, ...inherited, ...planted] : [];
