import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Network } from "../ports.ts";
import { createBubblewrapSandbox } from "./bubblewrap.ts";
import { createWorkspace, hasBwrap, sandboxOptions } from "./fixture.ts";
import { certificatePaths, networkEnvironment } from "./network-environment.ts";
import { createUnconfinedSandbox } from "./unconfined.ts";

describe("the environment of commands with network", () => {
  it("has certificates, proxies and mirrors, and nothing else", () => {
    const whole = {
      NODE_EXTRA_CA_CERTS: "/etc/own-ca.pem",
      HTTPS_PROXY: "http://proxy.example:3128",
      npm_config_registry: "https://mirror.example/npm/",
      ANTHROPIC_API_KEY: "sk-secret",
      HTTP_PROXY: "",
    };
    expect(networkEnvironment(whole)).toEqual({
      NODE_EXTRA_CA_CERTS: "/etc/own-ca.pem",
      HTTPS_PROXY: "http://proxy.example:3128",
      npm_config_registry: "https://mirror.example/npm/",
    });
    expect(certificatePaths(networkEnvironment(whole))).toEqual(["/etc/own-ca.pem"]);
  });

  it("leaves an address with a password out", () => {
    expect(networkEnvironment({ HTTPS_PROXY: "http://me:secret@proxy.example:3128" })).toEqual({});
    expect(networkEnvironment({ PIP_INDEX_URL: "https://token@mirror.example/simple" })).toEqual({});
  });

  it.each([
    ...(hasBwrap ? [{ name: "bubblewrap", create: createBubblewrapSandbox }] : []),
    { name: "unconfined", create: createUnconfinedSandbox },
  ])(
    "reaches a command with network and none without, its certificate readable ($name)",
    async ({ create }) => {
      await using outside = await createWorkspace({ "ca.pem": "certificate" });
      await using workspace = await createWorkspace();
      const ca = join(outside.path, "ca.pem");
      const sandbox = create({ ...sandboxOptions, networkEnv: { NODE_EXTRA_CA_CERTS: ca } });
      const ask = (network: Network) =>
        sandbox.run({
          argv: ["/bin/sh", "-c", 'cat "$NODE_EXTRA_CA_CERTS" 2>/dev/null || echo none'],
          workspace: workspace.path,
          timeoutMs: 20_000,
          network,
        });
      expect((await ask({ hosts: [] })).output.trim()).toBe("certificate");
      expect((await ask("none")).output.trim()).toBe("none");
    },
  );
});
