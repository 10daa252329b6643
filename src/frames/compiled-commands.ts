// Set-up and tests of Go and Rust, and of whatever a Makefile starts.
import type { Ecosystem, RepositoryFacts } from "./repository.ts";

export function goCommands({ files }: RepositoryFacts): Ecosystem | undefined {
  const text = files.get("go.mod");
  if (text === undefined) return undefined;
  const setup = /^\s*require\b/m.test(text) ? ["go", "mod", "download"] : null;
  return { name: "Go", setup, test: ["go", "test", "./..."], hasTests: true, why: ["go.mod is there."] };
}

export function cargoCommands({ rootEntries, files }: RepositoryFacts): Ecosystem | undefined {
  const text = files.get("Cargo.toml");
  if (text === undefined) return undefined;
  const needs = /^\[(?:[\w'".()-]+\.)*(?:dev-|build-)?dependencies\b[^\]]*\]|^\[workspace\]/m.test(text);
  const locked = rootEntries.includes("Cargo.lock") ? ["--locked"] : [];
  const setup = needs ? ["cargo", "fetch", ...locked] : null;
  return { name: "Rust", setup, test: ["cargo", "test"], hasTests: true, why: ["Cargo.toml is there."] };
}

/** Only where the Makefile has a target `test`. */
export function makeCommands({ files }: RepositoryFacts): Ecosystem | undefined {
  const text = files.get("Makefile");
  if (text === undefined || !/^test\s*::?(?!=)/m.test(text)) return undefined;
  return {
    name: "make",
    setup: null,
    test: ["make", "test"],
    hasTests: true,
    why: ["Makefile has a target `test`."],
  };
}
