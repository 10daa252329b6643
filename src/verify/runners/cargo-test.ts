// cargo test: the lines it prints, one test harness after the other. One that ends before its summary leaves no report.
import { numbered } from "./command-line.ts";
import { printedTo } from "./printed.ts";
import type { ParsedTest, RunnerAdapter } from "./types.ts";

const statuses: Readonly<Record<string, ParsedTest["status"]>> = {
  ok: "passed",
  FAILED: "failed",
  ignored: "skipped",
};

const header = /^\s*(?:Running (?:unittests )?(\S+)|Doc-tests (\S+))/;
const result = /^test (.+?)(?: - (?:should panic|compile fail|compile))* \.\.\. (ok|FAILED|ignored)/;
const failure = /^---- (\S+)(?: -.*)? stdout ----\n([\s\S]*?)(?=\n\n---- |\n\nfailures:|$(?![\s\S]))/gm;

function messagesOf(section: string): ReadonlyMap<string, string> {
  return new Map(
    [...section.matchAll(failure)].map(([, name = "", text = ""]) => [name, withoutThreads(text)]),
  );
}

function withoutThreads(text: string): string {
  const kept = text.split("\n").filter((line) => !/^(?:note: |stack backtrace)/.test(line));
  return kept
    .join("\n")
    .replace(/^\nthread '.*?' (?:\(\d+\) )?panicked at/m, "panicked at")
    .trim();
}

function testsOf(name: string, section: string): readonly ParsedTest[] | undefined {
  const expected = [...section.matchAll(/^running (\d+) tests?$/gm)].map(([, count]) => Number(count));
  const summaries = section.match(/^test result: /gm) ?? [];
  const messages = messagesOf(section);
  const tests = section.split("\n").flatMap((line): ParsedTest[] => {
    const [, title, word = ""] = result.exec(line) ?? [];
    const status = statuses[word];
    if (title === undefined || status === undefined) return [];
    // A documentation test is named by its line, which moves.
    const id = `${name} > ${title.replace(/ \(line \d+\)$/, "")}`;
    return [{ id, status, message: messages.get(title) ?? "" }];
  });
  const count = expected.reduce((sum, each) => sum + each, 0);
  return summaries.length === expected.length && tests.length === count ? tests : undefined;
}

function parse(report: string): readonly ParsedTest[] | undefined {
  const sections: { readonly name: string; text: string }[] = [];
  for (const line of report.split("\n")) {
    const [, unit, doc] = header.exec(line) ?? [];
    if (unit !== undefined || doc !== undefined)
      sections.push({ name: doc === undefined ? (unit ?? "") : `doc-tests ${doc}`, text: "" });
    const section = sections.at(-1);
    if (section) section.text += `${line}\n`;
  }
  const parsed = sections.map(({ name, text }) => testsOf(name, text));
  if (parsed.length === 0 || parsed.some((tests) => tests === undefined)) return undefined;
  return numbered(parsed.flatMap((tests) => tests ?? []));
}

export const cargoTest: RunnerAdapter = {
  name: "cargo test",
  summary: "Rust's own runner, `cargo test`",
  instrument({ prefix, program, rest }, place) {
    if (!/(?:^|\/)cargo$/.test(program) || !/^\s+(?:\+\S+\s+)?(?:test|t)(?=\s|$)/.test(rest))
      return undefined;
    // All harnesses run, also behind one that fails; quiet output would leave out names.
    const plain = rest.replace(/\s(?:-q|--quiet|--no-fail-fast)(?=\s|$)/g, "");
    const [cargo = "", ...harness] = plain.split(/(?=\s--\s)/);
    return printedTo(`${prefix}${program}${cargo} --no-fail-fast${harness.join("")}`, place, {
      report: "cargo.txt",
      withErrors: true,
    });
  },
  parse,
  example: {
    command: { prefix: "", program: "cargo", rest: " test --locked" },
    report: `     Running unittests src/lib.rs (target/debug/deps/sum-0123)

running 2 tests
test tests::adds ... ok
test tests::old ... ignored, slow

test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
`,
    ids: ["src/lib.rs > tests::adds", "src/lib.rs > tests::old"],
  },
};
