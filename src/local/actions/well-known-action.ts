// The shape of the actions that have a local implementation, and how their inputs are checked.
import type { Executed, StepCall } from "./job-context.ts";

export interface WellKnownCall extends StepCall {
  readonly inputs: Readonly<Record<string, string>>;
}

export interface WellKnownAction {
  readonly name: string;
  /** Every input that is carried out, with its default. */
  readonly defaults: Readonly<Record<string, string>>;
  run(call: WellKnownCall): Promise<Executed>;
}

/** An input without an implementation is refused: leaving it out in silence would give other results than GitHub. */
export function wellKnownInputs(
  action: WellKnownAction,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const inputs = { ...action.defaults };
  for (const [name, value] of Object.entries(given)) {
    const known = Object.keys(action.defaults).find((key) => key === name.toLowerCase());
    if (known === undefined) {
      throw new Error(
        `${action.name}: the input \`${name}\` is not mapped in the embedded Actions; they know ${Object.keys(action.defaults).join(", ")}.`,
      );
    }
    // As on GitHub, an input given as the empty string is the empty string and not the default.
    inputs[known] = value;
  }
  return inputs;
}

export function flag(inputs: Readonly<Record<string, string>>, name: string): boolean {
  const value = inputs[name] ?? "";
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value) || value === "") return false;
  throw new Error(`The input \`${name}\`: expected true or false, found '${value}'.`);
}
