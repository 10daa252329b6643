import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // GitHub's own packages import JSON without the attribute Node asks for.
    server: { deps: { inline: [/@actions\//] } },
  },
});
