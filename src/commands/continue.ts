// `/continue`: goes on after a question or a stop; the lines after it are the answer, or guidance for the next session.
import { remaining } from "../render/ledger.ts";
import type { Command } from "./types.ts";

export const continueCommand: Command = {
  name: "continue",
  summary: "Goes on after a question or a stop. Lines after it are the answer or guidance.",
  usage: "/continue [allow-test <path> | allow-change <path>]",
  example: { comment: "/continue\nUse a semicolon as the default separator.", adds: "answered" },
  apply({ comment, argument, rest, frame, task }) {
    const [, what, path = ""] = /^allow-(test|change) (\S{1,240})$/.exec(argument) ?? [];
    const text = [what === undefined ? argument : "", rest].filter((part) => part !== "").join("\n");
    return {
      entries: [
        {
          actor: "human",
          type: task.waiting?.kind === "asking" ? "answered" : "continued",
          evidence: {
            comment: comment.id,
            login: comment.author.login,
            ...(what === "test" ? { allowTest: path } : {}),
            ...(what === "change" ? { allowChange: path } : {}),
          },
          ...(text === "" ? {} : { note: text.slice(0, 20_000) }),
        },
      ],
      reply:
        task.readyTree === undefined
          ? `Going on. ${remaining({ frame, task })}`
          : "This task is ready for review; nothing remains to be done.",
    };
  },
};
