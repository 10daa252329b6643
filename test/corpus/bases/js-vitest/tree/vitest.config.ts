import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    setupFiles: ["test/setup.ts"],
    coverage: { include: ["src/**"], thresholds: { lines: 90, branches: 85 } },
  },
});
