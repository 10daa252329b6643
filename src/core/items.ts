// The item rule: which verbatim spans of a request are its units of work. Pure; how lines are read and what a list's
// lead announces is in `request-lines.ts` and `lead-line.ts`.
import { type Item, requestText } from "./frame.ts";
import { type Disqualifier, disqualifierOf, isConfirmation } from "./lead-line.ts";
import { bareText, endsWithColon, indentOf, markerOf, type RequestLine, readLines } from "./request-lines.ts";
import { uncoveredSentences } from "./sentences.ts";

export interface FoundItems {
  /** In the order of the request; never empty. */
  readonly items: Item[];
  /** Sentences of title and body that stand in no item's span, in order, with white space made single. */
  readonly uncovered: string[];
  /** Which list the items come from, or why from none. */
  readonly why: string;
  /** Entries whose check-box is ticked already. They are items all the same. */
  readonly done: readonly string[];
}

interface List {
  readonly number: number;
  readonly firstLine: number;
  readonly entries: readonly Entry[];
  readonly isTaskList: boolean;
}

interface Entry {
  /** Offsets in the body. */
  readonly start: number;
  readonly end: number;
  readonly isDone: boolean;
}

/**
 * Items come from the first list outside code and quotes that is a task list, or whose line before it ends with a colon
 * and names no steps, environment, expected or actual result, example or alternatives; an entry without its marker,
 * nested lines included, is one item. Otherwise the whole request is one item.
 */
export function findItems(request: { readonly title: string; readonly body: string }): FoundItems {
  const { title, body } = request;
  const lines = readLines(body);
  const lists = findLists(body, lines);
  const sections = sectionDisqualifiers(lines);
  const refusals: string[] = [];
  const disqualified = new Set<number>();
  for (const list of lists) {
    const reading = readLead({ body, lines, list, disqualified, section: sections[list.firstLine] });
    if (reading.isItems) return fromList(title, body, lines, list, reading.why);
    disqualified.add(list.number);
    refusals.push(reading.why);
  }
  const reason = refusals[0] ?? "it has no list";
  const more = refusals.length > 1 ? `; of its ${refusals.length} lists none holds items` : "";
  return {
    items: [{ id: "item-1", span: requestText(request), source: "request" }],
    uncovered: [],
    why: `the whole request is one item: ${reason}${more}`,
    done: [],
  };
}

function fromList(
  title: string,
  body: string,
  lines: readonly RequestLine[],
  list: List,
  why: string,
): FoundItems {
  const spans = list.entries.map((entry) => body.slice(entry.start, entry.end));
  return {
    items: spans.map((span, index) => ({ id: `item-${index + 1}`, span, source: "request" })),
    uncovered: uncoveredSentences({ title, lines, ranges: list.entries, spans }),
    why,
    done: list.entries.filter(({ isDone }) => isDone).map((entry) => body.slice(entry.start, entry.end)),
  };
}

/** Lists with at least one entry that has text. */
function findLists(body: string, lines: readonly RequestLine[]): List[] {
  const lists: List[] = [];
  const opens = lines.flatMap((line, index) => (line.role === "entry" ? [{ line, index }] : []));
  for (const [number, members] of Map.groupBy(opens, ({ line }) => line.list)) {
    const lastLines = members.map(({ index }) => lastLineOfEntry(lines, index));
    const entries = members.flatMap(({ index }, at) => readEntry(body, lines, index, lastLines[at] ?? index));
    const isTaskList = members.some(
      ({ line, index }, at) => line.box !== "none" || hasNestedBox(lines, index, lastLines[at] ?? index),
    );
    const firstLine = members[0]?.index ?? 0;
    if (entries.length > 0) lists.push({ number, firstLine, entries, isTaskList });
  }
  return lists;
}

function lastLineOfEntry(lines: readonly RequestLine[], first: number): number {
  let last = first;
  for (let at = first + 1; at < lines.length; at += 1) {
    const role = lines[at]?.role;
    if (role === "inner") last = at;
    else if (role !== "blank" && role !== "comment") break;
  }
  return last;
}

function readEntry(body: string, lines: readonly RequestLine[], first: number, last: number): Entry[] {
  const line = lines[first];
  const tail = lines[last];
  if (line === undefined || tail === undefined) return [];
  const lead = line.text.slice(line.contentAt);
  const start = line.start + line.contentAt + (lead.length - lead.trimStart().length);
  // The visible text ends the entry, so that a comment behind it stays out.
  const end = tail.start + tail.text.trimEnd().length;
  const text = body.slice(start, end);
  const from = start + (text.length - text.trimStart().length);
  return from < end && text.trim() !== "" ? [{ start: from, end, isDone: line.box === "done" }] : [];
}

function hasNestedBox(lines: readonly RequestLine[], first: number, last: number): boolean {
  return lines.slice(first + 1, last + 1).some(({ text }) => (markerOf(text)?.box ?? "none") !== "none");
}

interface LeadQuestion {
  readonly body: string;
  readonly lines: readonly RequestLine[];
  readonly list: List;
  /** Numbers of earlier lists that hold no items. */
  readonly disqualified: ReadonlySet<number>;
  readonly section: Disqualifier | undefined;
}

function readLead(question: LeadQuestion): { isItems: boolean; why: string } {
  const { body, lines, list, disqualified, section } = question;
  const count = `${list.entries.length} ${list.entries.length === 1 ? "entry" : "entries"}`;
  const lead = leadOf(lines, list.firstLine);
  const isForm = list.entries.every(({ start, end }) => isConfirmation(body.slice(start, end)));
  if (isForm) return { isItems: false, why: "its list only confirms what a form asks" };
  if (list.isTaskList) {
    const heading = lead?.role === "heading" ? disqualifierOf(bareText(lead.text)) : undefined;
    // A form's tick boxes ("Which operating system?") answer a question; they ask for nothing.
    if (heading === "an environment") return { isItems: false, why: notAsItems(lead, heading) };
    return { isItems: true, why: `the items are the ${count} of the first task list` };
  }
  if (lead === undefined || !endsWithColon(lead.text)) {
    return { isItems: false, why: "no line that ends with a colon stands before its list" };
  }
  if (lead.role === "entry" || lead.role === "inner") {
    if (disqualified.has(lead.list))
      return { isItems: false, why: "its list continues one that holds no items" };
  }
  const named = disqualifierOf(bareText(lead.sentence)) ?? section;
  if (named !== undefined) return { isItems: false, why: notAsItems(lead, named) };
  return { isItems: true, why: `the items are the ${count} of the list after “${shortened(lead.text)}”` };
}

interface Lead extends Pick<RequestLine, "role" | "text" | "list"> {
  /** The line with the lines before it in its paragraph, back to where its sentence starts. */
  readonly sentence: string;
}

/** The last line with visible text before the list, unless code, a quote or a rule is nearer. */
function leadOf(lines: readonly RequestLine[], firstLine: number): Lead | undefined {
  let at = firstLine - 1;
  while (["blank", "comment", "underline"].includes(lines[at]?.role ?? "")) at -= 1;
  const line = lines[at];
  if (line === undefined || ["code", "quote", "rule"].includes(line.role)) return undefined;
  let sentence = line.text;
  for (let before = at - 1; line.role === "text" && lines[before]?.role === "text"; before -= 1) {
    const text = lines[before]?.text.trimEnd() ?? "";
    if (/[.!?:;。！？：]["')\]]*$/.test(text)) break;
    sentence = `${text} ${sentence}`;
  }
  let opening = at;
  while (lines[opening]?.role === "inner" || lines[opening]?.role === "blank") opening -= 1;
  return { role: line.role, text: line.text, list: lines[opening]?.list ?? 0, sentence };
}

/** What the heading of each line's section announces. A result that is expected there may still be listed as work. */
function sectionDisqualifiers(lines: readonly RequestLine[]): (Disqualifier | undefined)[] {
  let current: Disqualifier | undefined;
  return lines.map((line) => {
    if (line.role === "heading" || isBoldLine(line)) {
      const text = bareText(line.text);
      current = /\b(?:expect\w*|should)\b/i.test(text) ? undefined : disqualifierOf(text);
    }
    return current;
  });
}

function isBoldLine(line: RequestLine): boolean {
  return (
    line.role === "text" &&
    indentOf(line.text) < 4 &&
    /^(?:\*\*|__)[^*_]+(?:\*\*|__):?$/.test(line.text.trim())
  );
}

function notAsItems(lead: Lead | undefined, named: Disqualifier): string {
  return `its list after “${shortened(lead?.text ?? "")}” names ${named}`;
}

function shortened(text: string): string {
  const line = bareText(text).replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
