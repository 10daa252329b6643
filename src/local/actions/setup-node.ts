// actions/setup-node: puts the given Node on PATH. Installs nothing; says so where another version was asked for.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import type { WellKnownAction } from "./well-known-action.ts";

export const setupNode: WellKnownAction = {
  name: "actions/setup-node",
  defaults: {
    "node-version": "",
    "node-version-file": "",
    "check-latest": "false",
    cache: "",
    "cache-dependency-path": "",
    "package-manager-cache": "true",
    token: "",
  },
  run: async ({ job, inputs }) => {
    const { nodePath } = job.host.options;
    const version = spawnSync(nodePath, ["--version"], { encoding: "utf8", env: {} }).stdout.trim();
    if (version === "")
      throw new Error(`actions/setup-node: ${nodePath} does not run; correct \`nodePath\`.`);
    const asked = inputs["node-version"] || inputs["node-version-file"] || "any";
    job.log(`Node ${version} is used (asked for: ${asked}); the embedded Actions install no other.`);
    job.paths.unshift(dirname(nodePath));
    return { outcome: "success", outputs: { "node-version": version, "cache-hit": "false" } };
  },
};
