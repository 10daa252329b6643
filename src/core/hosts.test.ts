import { expect, test } from "vitest";
import { createAllowList, isForgeHost, parseAllowedHost } from "./hosts.ts";

test.each([
  "*.example.com",
  "127.0.0.1",
  "2130706433",
  "0x7f000001",
  "127.1",
  "[::1]",
  "localhost",
  "a.localhost",
  "allowed.example@evil.example",
  "https://example.com",
  "example.com/path",
  "exa\u0000mple.com",
  "ex\u0430mple.com",
  "example.com:0",
  "example.com:99999",
  "-a.example",
  "",
])("%j is no entry of an allow-list", (entry) => {
  expect(parseAllowedHost(entry)).toBeUndefined();
});

test("a host is permitted exactly, on the usual ports or on its own alone", () => {
  const list = createAllowList(["Registry.Example.", "other.example:8443"]);
  expect(list.permits({ host: "registry.example", port: 443 })).toBe(true);
  expect(list.permits({ host: "REGISTRY.example.", port: 80 })).toBe(true);
  expect(list.permits({ host: "registry.example", port: 22 })).toBe(false);
  expect(list.permits({ host: "sub.registry.example", port: 443 })).toBe(false);
  expect(list.permits({ host: "registry.example.evil.example", port: 443 })).toBe(false);
  expect(list.permits({ host: "other.example", port: 443 })).toBe(false);
  expect(list.permits({ host: "other.example", port: 8443 })).toBe(true);
  expect(list.permits({ host: "registry.example@evil.example", port: 443 })).toBe(false);
  expect(list.permits({ host: "registry.example\0.evil.example", port: 443 })).toBe(false);
});

test("the forge's own hosts are permitted by no list", () => {
  for (const host of ["github.com", "api.GitHub.com", "objects.githubusercontent.com", "ghe.corp.example"]) {
    expect(isForgeHost(host, ["ghe.corp.example"])).toBe(true);
    expect(createAllowList([host], ["ghe.corp.example"]).permits({ host, port: 443 })).toBe(false);
  }
  expect(isForgeHost("notgithub.com")).toBe(false);
});
