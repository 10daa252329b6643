#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { run } from "../lib/cli.js";

process.exitCode = run(process.argv.slice(2), {
  readFile: (path) => readFileSync(path, "utf8"),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
