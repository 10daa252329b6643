// The issue as a file: `# title` in the first line that is not blank, then the body.
import { readFile } from "node:fs/promises";
import { Problem } from "../../core/problem.ts";

export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** Throws `issue-file-missing` or `issue-file-empty`. */
export async function readIssueFile(path: string): Promise<IssueText> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new Problem("issue-file-missing", { path }, { cause });
  }
  return parseIssue(text, path);
}

export function parseIssue(text: string, path: string): IssueText {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first === -1) throw new Problem("issue-file-empty", { path, what: "is empty" });
  const title = /^#\s+(.*\S)\s*$/.exec(lines[first] ?? "")?.[1];
  if (title === undefined)
    throw new Problem("issue-file-empty", { path, what: "does not start with a `# title` line" });
  return {
    title,
    body: lines
      .slice(first + 1)
      .join("\n")
      .trim(),
  };
}
