// `/continue`: goes on after a question or a stop; the lines after it are the answer, or guidance for the next session.
import { remaining } from "../render/ledger.ts";
import type { Command } from "./types.ts";

export const continueCommand: Command = {
  name: "continue",
  summary: "Goes on after a question or a stop. Lines after it are the answer or guidance.",
  usage: "/continue [allow-test <path>]",
  example: { comment: "/continue\nUse a semicolon as the default separator.", adds: "answered" },
  apply({ comment, argument, rest, frame, task }) {
    const allowTest = /^allow-test (\S{1,240})$/.exec(argument)?.[1];
    const text = [allowTest === undefined ? argument : "", rest].filter((part) => part !== "").join("\n");
    return {
      entries: [
        {
          actor: "human",
          type: task.waiting?.kind === "asking" ? "answered" : "continued",
          evidence: {
            comment: comment.id,
            login: comment.author.login,
            ...(allowTest === undefined ? {} : { allowTest }),
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
