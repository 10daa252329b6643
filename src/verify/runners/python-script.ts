// A plain script under Python, for checks: as for Node, a status of zero counts only when the script came to its own end.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { isOwnFile } from "./command-line.ts";
import type { ReportPlace, RunnerAdapter } from "./types.ts";

/** An exit may be asked for by one of the check's own files, or by the standard library for it (`unittest.main()`). */
const guard = (report: string, { ownFiles, nonceFile }: ReportPlace) => `import os, runpy, sys
report, own = ${JSON.stringify(report)}, set(${JSON.stringify(ownFiles)})
with open(${JSON.stringify(nonceFile)}) as file:
    nonce = file.read()
os.unlink(${JSON.stringify(nonceFile)})
library = os.path.dirname(os.__file__) + os.sep
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
def end(write=open, nonce=nonce):
    with write(report, "x") as file:
        file.write("ended\\n" + nonce)
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as asked:
    trace = asked.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    caller = os.path.abspath(trace.tb_frame.f_code.co_filename)
    if caller in own or caller.startswith(library):
        end()
    raise
end()
`;

const scriptCall = /^(?<options>(?:\s+-[BIEsuO]+)*)\s+(?<script>(?!-)\S+)/;

export const pythonScript: RunnerAdapter = {
  name: "python",
  summary: "A plain script, `python3 FILE`: counts as one test that passed when it came to its own end",
  instrument({ prefix, program, rest }, place) {
    if (!/(?:^|\/)python3?$/.test(program)) return undefined;
    const { options = "", script = "" } = scriptCall.exec(rest)?.groups ?? {};
    if (!isOwnFile(script, place.ownFiles)) return undefined;
    const reportPath = join(place.directory, "ended.txt");
    const guardPath = join(place.directory, "guard.py");
    const text = `${prefix}${program}${options} ${quoted(guardPath)}${rest.slice(options.length)}`;
    return { text, reportPath, files: new Map([[guardPath, guard(reportPath, place)]]) };
  },
  parse: (report) => (report === "ended\n" ? [{ id: "script", status: "passed", message: "" }] : undefined),
  example: {
    command: { prefix: "", program: "python3", rest: " -B check.js --fast" },
    report: "ended\n",
    ids: ["script"],
  },
};
