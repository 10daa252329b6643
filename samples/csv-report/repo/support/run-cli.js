import { run } from "../lib/cli.js";

/** Runs a command line on files that are given as text. */
export function runCli(argv, files = {}) {
  const result = { out: "", err: "" };
  const exitCode = run(argv, {
    readFile(path) {
      if (path in files) return files[path];
      throw Object.assign(new Error("no such file"), { code: "ENOENT", path });
    },
    out: (text) => {
      result.out += text;
    },
    err: (text) => {
      result.err += text;
    },
  });
  return { ...result, exitCode };
}
