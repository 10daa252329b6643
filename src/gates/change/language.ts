// Which family of languages a file is written in: enough to tell code from comments and strings. No grammar, no parser.

export type Language = "javascript" | "c-like" | "python" | "shell";

const extensions: Readonly<Record<Language, readonly string[]>> = {
  javascript: ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"],
  "c-like": ["go", "rs", "java", "kt", "c", "h", "cc", "cpp", "hpp", "cs", "swift", "scala", "dart", "php"],
  python: ["py", "pyi"],
  shell: ["sh", "bash", "zsh", "rb"],
};

const languages = new Map(
  Object.entries(extensions).flatMap(([language, names]) =>
    names.map((name): [string, Language] => [name, language as Language]),
  ),
);

/** In lower case, without the dot; empty where there is none. */
export function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
}

/** `undefined`: not code that we can read. */
export function languageOf(path: string): Language | undefined {
  return languages.get(extensionOf(path));
}
