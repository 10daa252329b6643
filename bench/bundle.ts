// The size of the bundled action. What it is made of, esbuild's own metafile tells.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface BundleSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Of `dist/action.js` under `root`, as it was built last. */
export function bundleSize(root: string): BundleSize {
  const bundle = readFileSync(join(root, "dist", "action.js"));
  return { bytes: bundle.byteLength, gzipBytes: gzipSync(bundle).byteLength };
}
