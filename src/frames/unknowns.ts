// What a frame can see by itself that the request leaves open. Questions of judgement are the session's intake.

import { disqualifierOf } from "../core/lead-line.ts";
import { bareText, endsWithColon, type RequestLine, readLines } from "../core/request-lines.ts";
import type { FrameKind, Request } from "./types.ts";

export interface Seen {
  readonly request: Request;
  readonly kind: FrameKind;
  readonly itemCount: number;
  /** Items whose check-box was ticked already. */
  readonly doneCount: number;
  readonly hasTest: boolean;
  readonly sessions: number;
}

/** One sentence each, the request's own gaps first. */
export function findUnknowns({ request, kind, itemCount, doneCount, hasTest, sessions }: Seen): string[] {
  const lines = readLines(request.body);
  const isEmpty = lines.every(
    ({ role, text }) => role === "blank" || role === "comment" || text.trim() === "",
  );
  const alternatives = alternativesIn(lines);
  const attachments = attachmentsIn(request.body);
  return [
    ...(isEmpty ? ["The request has a title and no text."] : []),
    ...kind.unknowns(request),
    ...(alternatives === undefined
      ? []
      : [`The request lists alternatives (“${alternatives}”) and does not say which one is wanted.`]),
    ...(attachments > 0
      ? [
          attachments === 1
            ? "One attachment is not text and is read by nobody here: what it shows is unknown."
            : `${attachments} attachments are not text and are read by nobody here: what they show is unknown.`,
        ]
      : []),
    ...(doneCount > 0
      ? [
          `${doneCount} of ${itemCount} items ${doneCount === 1 ? "is" : "are"} ticked as done already; each is proved all the same.`,
        ]
      : []),
    ...(itemCount > sessions
      ? [`${itemCount} items need a session each, and the budget has ${sessions}.`]
      : []),
    ...(hasTest ? [] : ["No test command was found, so nothing tells whether a change breaks what worked."]),
  ];
}

/** The line that announces alternatives to choose from. Those that were "considered" are settled. */
function alternativesIn(lines: readonly RequestLine[]): string | undefined {
  const isOpen = (text: string) =>
    disqualifierOf(text) === "alternatives" &&
    !/\b(?:alternatives?|considered|considering|workarounds?)\b/i.test(text);
  const line = lines.find(
    ({ role, text }, index) =>
      ["text", "heading"].includes(role) &&
      (role === "heading" || endsWithColon(text)) &&
      isOpen(bareText(text)) &&
      lines.slice(index + 1, index + 3).some((next) => next.role === "entry"),
  );
  return line === undefined ? undefined : bareText(line.text).replace(/:$/, "").slice(0, 60);
}

/** Pictures, films, archives and GitHub's own attachments, each address once. */
function attachmentsIn(body: string): number {
  const visible = body.replace(/<!--[\s\S]*?-->/g, "");
  const pictures = visible.matchAll(
    /!\[[^\]\n]*\]\(([^)\s]+)[^)\n]*\)|<(?:img|video)\b[^>]*\bsrc=["']?([^"'\s>]+)/gi,
  );
  const files = visible.matchAll(
    /(https?:\/\/(?:github\.com\/(?:user-attachments\/|[\w.-]+\/[\w.-]+\/(?:files|assets)\/)|user-images\.githubusercontent\.com\/)[^\s)"'<>]+|https?:\/\/[^\s)"'<>]+\.(?:png|jpe?g|gif|webp|mp4|mov|webm|pdf|zip|docx?|xlsx?)\b)/gi,
  );
  return new Set([...pictures, ...files].map((match) => match[1] ?? match[2])).size;
}
