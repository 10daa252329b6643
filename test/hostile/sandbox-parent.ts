// A program of its own that runs one script in the sandbox, as a command and in the tool host: what it holds itself (its
// environment, its descriptors) is what the script must not find. `sandbox-parent WORKSPACE SCRIPT`.
import { createBubblewrapSandbox } from "../../src/sandbox/bubblewrap.ts";
import { sandboxOptions } from "../../src/sandbox/fixture.ts";

const [workspace = "", script = ""] = process.argv.slice(2);
const timeoutMs = 30_000;
const sandbox = createBubblewrapSandbox(sandboxOptions);
const result = await sandbox.run({ argv: ["/bin/bash", "-c", script], workspace, timeoutMs });
const host = await sandbox.openToolHost({ workspace, readOnly: false });
const call = await host.call("bash", { command: script }, { timeoutMs });
await host[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify([result.output, call.text]));
