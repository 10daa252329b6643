// Builds `dist/`: the action, the tool host, the command line and the App. A file that would not change is left alone.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

const manifest: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);
const installed = Object.keys(manifest.dependencies);

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  platform: "node",
  target: "node22.12",
  format: "esm",
  logLevel: "warning",
  legalComments: "none",
};

/** CommonJS packages inside an ES module bundle ask for `require`. */
const requireBanner = {
  js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

const bundles: BuildOptions[] = [
  { entryPoints: { action: "src/bin/action.ts" }, minify: true, banner: requireBanner },
  {
    entryPoints: {
      "tool-host": "src/sandbox/tool-host.ts",
      "relay-command": "src/sandbox/egress/relay-command.ts",
    },
    minify: true,
    banner: requireBanner,
  },
  // Runs with its dependencies installed. GitHub's own packages are bundled: they import JSON without the attribute
  // that Node asks for.
  {
    entryPoints: {
      cli: "src/bin/cli.ts",
      app: "src/bin/app.ts",
      "emulate-worker": "src/local/github/emulate-worker.ts",
    },
    external: installed.flatMap((name) => [name, `${name}/*`]),
    banner: requireBanner,
  },
];

for (const bundle of bundles) {
  const { outputFiles = [] } = await build({ ...shared, ...bundle, outdir: join(root, "dist") });
  for (const { path, contents } of outputFiles) writeIfChanged(path, contents);
}

function writeIfChanged(path: string, contents: Uint8Array): void {
  try {
    if (readFileSync(path).equals(contents)) return;
  } catch {
    mkdirSync(join(path, ".."), { recursive: true });
  }
  writeFileSync(path, contents);
}
