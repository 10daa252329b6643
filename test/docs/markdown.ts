// Reads the parts of a Markdown text that the tests of the documents need: links, anchors, code.

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

const fencePattern = /^( *)(`{3,})(\w*)[^\n]*\n([\s\S]*?)^\1\2`*[ ]*$/gm;

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(fencePattern)].map(([, indent = "", , language = "", text = ""]) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** The one workflow file of a page. */
export function shownWorkflow(markdown: string): string {
  const [workflow, ...more] = codeBlocks(markdown).filter(({ language }) => language === "yml");
  if (!workflow || more.length > 0)
    throw new Error(`Expected one block of \`yml\`, found ${workflow ? more.length + 1 : 0}.`);
  return workflow.text;
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replaceAll(fencePattern, "");
}

export function inlineCode(markdown: string): string[] {
  return [...withoutCodeBlocks(markdown).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, text = ""]) => text);
}

/** Targets of links and pictures, as written. */
export function linkTargets(markdown: string): string[] {
  const prose = withoutCodeBlocks(markdown).replaceAll(/(?<!`)`[^`\n]+`(?!`)/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors of its headings, as GitHub makes them: the second of a name gets `-1`, and so on. */
export function anchors(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCodeBlocks(markdown).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = ""]) => {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

/** The commands of a shell text, each as its words. Knows quotes, `&&`, line feeds and comments: all that documents use. */
export function shellCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of text.matchAll(/#[^\n]*|\n|&&|(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (token === "\n" || token === "&&") commands.push([]);
    else if (!token.startsWith("#")) commands.at(-1)?.push(token.replaceAll(/["']/g, ""));
  }
  return commands.filter((words) => words.length > 0);
}
