import { defineConfig } from "vitest/config";

export default defineConfig({
  // GitHub's packages ship source maps without sources: a page of warnings for each.
  logLevel: "error",
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // GitHub's own packages import JSON without the attribute Node asks for.
    server: { deps: { inline: [/@actions\//] } },
  },
});
