import { expect, test } from "vitest";
import { certificatePaths, networkEnvironment } from "./network-environment.ts";

test("passes certificates, proxies and mirrors on, and nothing else", () => {
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

test("leaves an address with a password out", () => {
  expect(networkEnvironment({ HTTPS_PROXY: "http://me:secret@proxy.example:3128" })).toEqual({});
  expect(networkEnvironment({ PIP_INDEX_URL: "https://token@mirror.example/simple" })).toEqual({});
});
