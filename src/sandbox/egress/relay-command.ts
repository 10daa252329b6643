// The program that runs a command inside the sandbox with the relay beside it: `relay-command SOCKET ARGV…`.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { startRelay } from "./relay.ts";

const [socketPath = "", file = "", ...args] = process.argv.slice(2);

await startRelay(socketPath);
const child = spawn(file, args, { stdio: "inherit" });
child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
// As a shell tells it, which is how the launchers read it.
child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
