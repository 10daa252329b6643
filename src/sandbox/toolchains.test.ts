import { join } from "node:path";
import { expect, it } from "vitest";
import { createWorkspace } from "./fixture.ts";
import { findToolchains } from "./toolchains.ts";

it("shows a runner's cached tools and known installers, and nothing else of a home", async () => {
  await using machine = await createWorkspace({
    "cache/go/1.2.3/x64/bin/go": "",
    "opt/tool/bin/tool": "",
    "home/.cargo/bin/cargo": "",
    "home/.cargo/credentials.toml": "secret",
    "home/.rustup/settings.toml": "",
    "node_modules/.bin/tsc": "",
    "home/bin/own": "",
    "home/.local/bin/own": "",
  });
  const at = (path: string) => join(machine.path, path);
  const folders = [
    "cache/go/1.2.3/x64/bin",
    "opt/tool/bin",
    "home/.cargo/bin",
    "home/bin",
    "home/.local/bin",
  ];
  const environment = {
    PATH: [
      ...folders.map(at),
      at("missing/bin"),
      at("node_modules/.bin"),
      "relative/bin",
      "/usr/bin",
      "/bin",
    ].join(":"),
    RUNNER_TOOL_CACHE: at("cache"),
  };
  const found = await findToolchains(environment, [at("other"), at("home")]);
  expect(found.path).toEqual(["cache/go/1.2.3/x64/bin", "opt/tool/bin", "home/.cargo/bin"].map(at));
  expect(found.readable).toEqual(
    ["cache/go/1.2.3/x64", "opt/tool", "home/.cargo/bin", "home/.rustup"].map(at),
  );
  expect(found.env).toEqual({ RUSTUP_HOME: at("home/.rustup") });
});

it("never shows a folder that holds the home, or the root", async () => {
  await using machine = await createWorkspace({ "bin/x": "", "home/me/x": "" });
  const found = await findToolchains({ PATH: `${machine.path}/bin:/` }, [join(machine.path, "home/me")]);
  expect(found).toEqual({ path: [], readable: [], env: {} });
});
