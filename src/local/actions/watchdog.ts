// Kills step processes when this process dies without a chance to do so itself (SIGKILL, a crash).
// A tiny shell holds a pipe to us: at its end, every process group still on its list is killed.
import { spawn } from "node:child_process";

export interface Watchdog extends Disposable {
  /** Returns the function that takes the group off the list again. */
  guard(processGroup: number): () => void;
}

const SCRIPT = `
list=" "
while read -r op group; do
  if [ "$op" = "+" ]; then list="$list$group "; else list="\${list%% $group *} \${list#* $group }"; fi
done
for group in $list; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Holds nothing open: the program may end while the watchdog is there. */
export function startWatchdog(): Watchdog {
  const child = spawn("/bin/sh", ["-c", SCRIPT], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: {},
    cwd: "/",
  });
  child.unref();
  const { stdin } = child;
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  // A watchdog that is gone must not take the run with it: the steps still die in the ordinary ways.
  stdin.on("error", () => stdin.destroy());
  child.on("error", () => stdin.destroy());
  const tell = (line: string) => {
    if (stdin.writable) stdin.write(line);
  };
  return {
    guard: (processGroup) => {
      tell(`+ ${processGroup}\n`);
      return () => tell(`- ${processGroup}\n`);
    },
    [Symbol.dispose]: () => {
      stdin.end();
    },
  };
}
