// The inputs of the action with `mode: verify`, as the workflow gives them.
import { Problem } from "./problem.ts";

export interface VerifyInputs {
  /** Instead of the one that the pull request links. */
  readonly issue: number | undefined;
  /** A folder of checks in the repository; then no author is asked. */
  readonly checks: string | undefined;
  /** What the check run says where nothing was proved or disproved. */
  readonly withoutProof: "neutral" | "failure";
}

const relativeFolder = /^(?![/~])(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\0\\:]+$/;

/** Throws `action-input-invalid` with all that is wrong. */
export function parseVerifyInputs(input: (name: string) => string): VerifyInputs {
  const [issue, checks, withoutProof] = [input("issue"), input("checks"), input("without-proof")];
  const number = /^#?([1-9]\d{0,9})$/.exec(issue)?.[1];
  const folder = checks.replace(/^\.\//, "").replace(/\/+$/, "");
  const mistakes = [
    ...(issue !== "" && number === undefined ? [`\`issue: ${issue}\`, expected the number of an issue`] : []),
    ...(checks !== "" && !relativeFolder.test(folder)
      ? [`\`checks: ${checks}\`, expected a folder of the repository, from its root`]
      : []),
    ...(["", "neutral", "failure"].includes(withoutProof)
      ? []
      : [`\`without-proof: ${withoutProof}\`, expected neutral or failure`]),
  ];
  if (mistakes.length > 0) throw new Problem("action-input-invalid", { what: mistakes.join("; ") });
  return {
    issue: number === undefined ? undefined : Number(number),
    checks: checks === "" ? undefined : folder,
    withoutProof: withoutProof === "failure" ? "failure" : "neutral",
  };
}

/** Which part the action plays. Throws `action-input-invalid` for a job of the shipped workflow that lacks an input. */
export function parseMode(input: (name: string) => string, roles: readonly string[]): "verify" | "role" {
  const [mode, role] = [input("mode"), input("role")];
  const refuse = (what: string) => new Problem("action-input-invalid", { what });
  if (mode === "verify" && role === "") return "verify";
  if (mode === "verify") throw refuse("both `mode: verify` and `role`, expected one of them");
  if (mode !== "") throw refuse(`\`mode: ${mode}\`, expected verify, or no \`mode\` and a \`role\``);
  if (role === "") throw refuse("neither `mode` nor `role`, expected `mode: verify` or a role");
  if (!roles.includes(role)) throw refuse(`\`role: ${role}\`, expected one of ${roles.join(", ")}`);
  const missing = ["task", "ticket"].filter((name) => input(name) === "");
  if (missing.length > 0)
    throw refuse(`\`role: ${role}\` without ${missing.map((name) => `\`${name}\``).join(" and ")}`);
  return "role";
}
