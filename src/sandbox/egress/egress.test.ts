// Network out of bubblewrap, end to end: commands and the tool host reach the proxy's answer, and nothing else.
import { describe, expect, it } from "vitest";
import { createBubblewrapSandbox } from "../bubblewrap.ts";
import { createWorkspace, hasBwrap, sandboxOptions } from "../fixture.ts";

const timeoutMs = 20_000;
const script = `
node -e '
  const http = require("http");
  const asking = http.request({ host: "127.0.0.1", port: 3128, method: "CONNECT", path: process.argv[1] });
  asking.on("connect", (r) => { console.log("answer", r.statusCode); process.exit(); });
  asking.on("response", (r) => { console.log("answer", r.statusCode); process.exit(); });
  asking.on("error", (e) => console.log(e.code));
  asking.end();
' evil.example:443
`;

describe.skipIf(!hasBwrap)("a command with a list of hosts", () => {
  const sandbox = createBubblewrapSandbox(sandboxOptions);

  it("reaches the proxy alone, which tells what it refused", async () => {
    await using workspace = await createWorkspace();
    const run = (network: "none" | { hosts: string[] }) =>
      sandbox.run({ argv: ["/bin/sh", "-c", script], workspace: workspace.path, timeoutMs, network });
    const listed = await run({ hosts: ["registry.example"] });
    expect(listed.output.trim()).toBe("answer 403");
    expect(listed.blocked).toEqual(["evil.example:443"]);
    const none = await run("none");
    expect(none.output.trim()).toBe("ECONNREFUSED");
    expect(none.blocked).toEqual([]);
  });

  it("hands on the command's status, and that of a signal", async () => {
    await using workspace = await createWorkspace();
    const run = (text: string) =>
      sandbox.run({
        argv: ["/bin/sh", "-c", text],
        workspace: workspace.path,
        timeoutMs,
        network: { hosts: [] },
      });
    expect((await run("exit 7")).exitCode).toBe(7);
    expect((await run("kill -9 $$")).exitCode).toBeNull();
    expect((await run("env | grep -i _proxy | sort | head -1")).output).toContain("127.0.0.1:3128");
  });

  it("is the tool host's too, over its restarts", async () => {
    await using workspace = await createWorkspace();
    await using host = await sandbox.openToolHost({
      workspace: workspace.path,
      readOnly: false,
      network: { hosts: [] },
    });
    const ask = () => host.call("bash", { command: script }, { timeoutMs });
    expect((await ask()).text.trim()).toContain("answer 403");
    expect(host.blocked()).toEqual(["evil.example:443"]);
    await host.call("bash", { command: "kill -9 $PPID" }, { timeoutMs });
    expect((await ask()).text.trim()).toContain("answer 403");
    expect(host.blocked()).toEqual(["evil.example:443"]);
  });
});
