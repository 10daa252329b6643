import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  // GitHub's packages ship source maps without sources: a page of warnings for each.
  logLevel: "error",
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    // Projects of the corpus: their tests are run by the verifier.
    exclude: [...configDefaults.exclude, "test/corpus/bases/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real processes, kills and clocks on a machine that is shared: one more try there, and the report says so.
    retry: process.env.CI === "true" ? 1 : 0,
    // GitHub's own packages import JSON without the attribute Node asks for.
    server: { deps: { inline: [/@actions\//] } },
  },
});
