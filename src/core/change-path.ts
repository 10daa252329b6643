// Why a path may stand in no change, and when two names are one to some file system. Texts only: what a tree holds is
// change-fit.ts's.

const maxPathBytes = 240;
/** What no font shows, or what turns the text around it. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;
/** Short names that NTFS gives to `.git`, `.gitmodules` and `.gitattributes`. */
const shortGitName = /^(?:git|gitmod|gitatt|gi[0-9a-f]{4})~\d+$/;
const gitNames = new Set([".git", ".gitmodules", ".gitattributes"]);

/**
 * One name as the loosest of the file systems that git runs on reads it: case and composition folded, invisible
 * characters, trailing dots and blanks, and a stream's name left out.
 */
export function plainName(name: string): string {
  const folded = name.replace(invisible, "").normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
  return folded.replace(/:.*$/s, "").replace(/[ .]+$/, "");
}

export function plainPath(path: string): string {
  return path.split("/").map(plainName).join("/");
}

/** The folders above a path, the outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** For people: cut, and with nothing in it that they could not see. */
export function shownPath(path: string): string {
  const cut = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return JSON.stringify(cut).replace(
    invisible,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

export function pathFault(path: string): string | undefined {
  if (path === "") return "an empty path";
  if (!path.isWellFormed() || path.includes("\ufffd")) return "a name that is not UTF-8";
  if (/\p{Cc}/u.test(path)) return "a control character in the name";
  if (path.search(invisible) >= 0) return "an invisible character in the name";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.includes("\\")) return "not a relative path";
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "a path that leaves the tree";
  const [first = "", ...rest] = path.split("/").map(plainName);
  if ([first, ...rest].some((part) => gitNames.has(part) || shortGitName.test(part)))
    return "a path of git itself";
  if (first === ".harness") return "the frame is the harness's own";
  if (first === ".github") return "a protected path";
  if (Buffer.byteLength(path) > maxPathBytes) return `a path over ${maxPathBytes} bytes`;
  return undefined;
}
