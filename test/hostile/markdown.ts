// What GitHub would make of a text of ours: it looks for mentions and references in what is rendered, so after entities
// are what they stand for, and outside code.

function prose(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "")
    .replace(/`[^`\n]*`/g, "");
}

/** Character references, by number and by the names of what could harm. */
function decoded(text: string): string {
  const names: Readonly<Record<string, string>> = { commat: "@", num: "#", lt: "<", gt: ">", amp: "&" };
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi, (all, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return names[name] ?? all;
  });
}

/** People and teams that would be told. */
export function mentionsIn(markdown: string): string[] {
  return decoded(prose(markdown)).match(/(?<![\w/])@[a-z\d][\w/-]*/gi) ?? [];
}

/** Issues that would be closed, but for the one that the pull request is for. */
export function closingIn(text: string, own?: number): string[] {
  const found = decoded(prose(text)).match(
    /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w.-]+\/[\w.-]+)?(?:#|GH-|https?:\/\/\S+\/issues\/)\d+/gi,
  );
  return (found ?? []).filter((each) => each !== `Closes #${own}`);
}

/** What would be fetched, or can be clicked, and is none of ours. */
export function linksIn(markdown: string, own: string): string[] {
  const links = prose(markdown).match(/!?\[[^\]]*\]\([^)]*\)|<\/?[a-z][^>]*>|\bhttps?:\/\/\S+|\bwww\.\S+/gi);
  return (links ?? []).filter((link) => !link.includes(own) && !/^<\/?sub>$/.test(link));
}
