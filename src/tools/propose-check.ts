// `propose_check`: the author's executable proof of an item. Running it at base is the author's conversation's.
import * as z from "zod";
import { pathFault, shownPath } from "../core/change-path.ts";
import { type Check, checkSchema } from "../core/checks.ts";
import { overlayFiles, type Tool } from "./types.ts";

export const proposeCheck = {
  name: "propose_check",
  roles: ["author"],
  description:
    "Propose an executable check for an item. `files` are laid over the tree, then `run` (words, no shell) is run: exit 0 is green. It is run at base at once; `onBase` (default red) must hold there. A wrong one may be sent once more under its id.",
  schema: z.object({
    id: checkSchema.shape.id,
    item: z.string(),
    behaviour: z.string().min(1).max(500),
    heldOut: z.boolean(),
    onBase: z.enum(["red", "green"]).optional(),
    files: overlayFiles,
    run: z.array(z.string().min(1)).min(1),
  }),
  example: {
    id: "total-rounds-once",
    item: "item-1",
    behaviour: "The total of three items of 0.335 is 1.01",
    heldOut: false,
    files: [{ path: "checks/total.test.js", content: "import { total } from '../src/cart.js';\n" }],
    run: ["node", "--test", "checks/total.test.js"],
  },
} satisfies Tool;

export interface ProposalFacts {
  readonly items: readonly string[];
  readonly existsAtBase: (path: string) => boolean;
  /** Text of an overlay file that another check already has. */
  readonly overlayText: (path: string) => string | undefined;
}

/** The check and its overlay texts, or every reason why it is none. */
export function judgeProposal(
  input: z.output<typeof proposeCheck.schema>,
  facts: ProposalFacts,
): { check: Check; files: ReadonlyMap<string, string> } | { problems: readonly string[] } {
  const { files, ...rest } = input;
  const parsed = checkSchema.safeParse({ ...rest, overlay: files.map(({ path }) => path) });
  const problems = [
    ...(parsed.success ? [] : [z.prettifyError(parsed.error)]),
    ...(facts.items.includes(input.item)
      ? []
      : [`item: expected one of ${facts.items.join(", ")}, found ${input.item}`]),
    ...files.flatMap((file) => overlayProblem(file, facts)),
  ];
  if (!parsed.success || problems.length > 0) return { problems };
  return { check: parsed.data, files: new Map(files.map(({ path, content }) => [path, content])) };
}

/** A check that lays its own copy over the code under test would prove nothing. */
function overlayProblem(file: { path: string; content: string }, facts: ProposalFacts): string[] {
  const { path, content } = file;
  if (/^(?:\.git|\.github|\.harness)(?:\/|$)/i.test(path))
    return [`${path}: expected a path outside .git, .github and .harness`];
  const fault = pathFault(path);
  if (fault !== undefined) return [`${shownPath(path)}: expected an ordinary path, found ${fault}`];
  if (facts.existsAtBase(path))
    return [`${path}: expected a new file, found one at base; choose another path`];
  const other = facts.overlayText(path);
  if (other !== undefined && other !== content)
    return [`${path}: expected the text that another check has there; choose another path`];
  return [];
}
