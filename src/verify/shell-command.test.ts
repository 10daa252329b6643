import { describe, expect, it } from "vitest";
import { quoted, resolveCommand } from "./shell-command.ts";

const scripts = {
  test: "node --test",
  pretest: "npm run build",
  build: "tsc",
  all: "npm run lint && npm test",
  lint: "biome",
  loop: "npm run loop",
  piped: "tap | tee x",
  pretty: "tape test/*.js | tap-spec",
  zones: "TZ=Asia/Tokyo npm run zone && nyc npm run zone",
  zone: "date && jest",
  "make check": "npm run all2 && CI=1 npm test",
  all2: "tsc && biome",
};
const simple = (program: string, rest: string, prefix = "") => ({ prefix, program, rest });

describe("resolveCommand", () => {
  it.each([
    ["npm test", ["tsc"], simple("node", " --test")],
    ["npm run all", ["biome", "tsc"], simple("node", " --test")],
    ["npm test -- --only", ["tsc"], simple("node", " --test --only")],
    ["yarn test --only", ["tsc"], simple("node", " --test --only")],
    ["npm test --only", [], simple("npm", " test --only")],
    ["npm run unknown", [], simple("npm", " run unknown")],
    ["npm run loop", [], simple("npm", " run loop")],
    ["corepack yarn test", ["tsc"], simple("node", " --test")],
    ["pnpm build", [], simple("tsc", "")],
    ["make check", ["tsc", "biome", "CI=1 tsc"], simple("node", " --test", "CI=1 ")],
    ["run-s lint build", ["biome"], simple("tsc", "")],
    ["npx c8 --all -r text mocha -b", [], simple("mocha", " -b", "npx c8 --all -r text ")],
    ["cross-env A=1 B=2 jest", [], simple("jest", "", "cross-env A=1 B=2 ")],
    ["cross-env A=1 c8 -r text mocha", [], simple("mocha", "", "cross-env A=1 c8 -r text ")],
    ["nyc npm test", ["tsc"], simple("node", " --test", "nyc ")],
    ["npm run pretty", [], simple("tape", " test/*.js")],
    ["tape a.js | npx faucet && npm run zone", ["tape a.js | npx faucet", "date"], simple("jest", "")],
    ["npm run zones", ["TZ=Asia/Tokyo date", "TZ=Asia/Tokyo jest", "date"], simple("jest", "", "nyc ")],
    ["A=1 B='x y' pytest -q 'a && b'", [], simple("pytest", " -q 'a && b'", "A=1 B='x y' ")],
  ])("finds the last simple command of %j", (text, before, last) => {
    const resolved = resolveCommand(text, scripts);
    expect(resolved.before).toEqual(before);
    expect(resolved.last && { ...resolved.last, rest: resolved.last.rest.trimEnd() }).toEqual(last);
  });

  it.each(["npm run piped", "a; b", "a || b", "a $(b)", "a `b`", "a > b", "a &", 'a "$B"', "a 'b"])(
    "changes nothing in %j",
    (text) => {
      expect(resolveCommand(text, scripts).last).toBeUndefined();
    },
  );

  it("takes words as words, whatever is in them", () => {
    const { last } = resolveCommand(["node", "--test", "it's; rm -rf *", "$HOME"], {});
    expect(last).toMatchObject({ program: "node", rest: ` --test ${quoted("it's; rm -rf *")} '$HOME'` });
  });

  it("reads `sh -c` as its text", () => {
    expect(resolveCommand(["sh", "-c", "npm test"], scripts).last).toMatchObject({ program: "node" });
  });
});
