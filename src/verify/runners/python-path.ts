// Makes a module of ours importable beside what a Python command asks for itself.
import { quoted } from "../shell-command.ts";

/** The prefix with `directory` last on `PYTHONPATH`, so that nothing in it hides the tree's own modules. */
export function withPythonPath(prefix: string, directory: string): string {
  const own = /(?:^|\s)PYTHONPATH=[^\s'"]*/;
  if (own.test(prefix)) return prefix.replace(own, (set) => `${set}:${quoted(directory)}`);
  return `PYTHONPATH="\${PYTHONPATH:+$PYTHONPATH:}"${quoted(directory)} ${prefix}`;
}

/** Opens a module that reports: `line` makes a line, `finish` writes the report. */
export function pythonReporter(nonceFile: string, reportPath: string): string {
  return `import json, os
_open, _dumps, _nonce = open, json.dumps, None
try:
    with _open(${JSON.stringify(nonceFile)}) as _file:
        _nonce = _file.read()
    os.unlink(${JSON.stringify(nonceFile)})
except OSError:
    pass  # A worker of the one that reports.
def line(file, titles, status, message):
    return _dumps({"file": file, "titles": titles, "status": status, "message": message})
def finish(lines):
    if _nonce is not None:
        with _open(${JSON.stringify(reportPath)}, "w") as file:
            file.write("\\n".join([*lines, _nonce]))
`;
}
