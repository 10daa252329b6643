// What the third-party actions take and give, as data, for the linter: it looks nothing up in the network.
// Source: the `action.yml` of actions/checkout v7, actions/upload-artifact v7 and actions/download-artifact v8.
import type { ActionMetadata } from "@actions/languageservice/action";

interface Listed {
  /** Names, divided by blanks; one that has no default and must be given ends with `!`. */
  readonly inputs: string;
  readonly outputs: string;
}

const LISTED: Readonly<Record<string, Listed>> = {
  "actions/checkout": {
    inputs:
      "repository ref token ssh-key ssh-known-hosts ssh-strict ssh-user persist-credentials path clean filter sparse-checkout sparse-checkout-cone-mode fetch-depth fetch-tags show-progress lfs submodules set-safe-directory github-server-url allow-unsafe-pr-checkout",
    outputs: "ref commit",
  },
  "actions/upload-artifact": {
    inputs:
      "name path! if-no-files-found retention-days compression-level overwrite include-hidden-files archive",
    outputs: "artifact-id artifact-url artifact-digest",
  },
  "actions/download-artifact": {
    inputs:
      "name artifact-ids path pattern merge-multiple github-token repository run-id skip-decompress digest-mismatch",
    outputs: "download-path",
  },
  "actions/setup-node": {
    inputs:
      "node-version node-version-file architecture check-latest registry-url scope token cache package-manager-cache cache-dependency-path mirror mirror-token",
    outputs: "node-version cache-hit",
  },
};

/** The metadata of a known third-party action by `owner/name`, whatever its version. */
export function thirdPartyMetadata(name: string): ActionMetadata | undefined {
  const listed = LISTED[name.toLowerCase()];
  if (!listed) return undefined;
  const inputs = listed.inputs.split(" ").map((input) => {
    const required = input.endsWith("!");
    return [required ? input.slice(0, -1) : input, { description: "", required }];
  });
  const outputs = listed.outputs.split(" ").map((output) => [output, { description: "" }]);
  return { name, description: "", inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
}
