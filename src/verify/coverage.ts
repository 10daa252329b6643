// Keeps limits on coverage out of the runs: base's tests cannot cover lines that base does not have, so that with a limit
// every change would look worse. What no check reaches is the gate `mutation`'s to say; a lowered limit, `scope`'s.
import { assignedIn, type SimpleCommand } from "./shell-command.ts";

/** nyc may load what the tests need (a compiler, mostly), so it stays; c8 only measures. */
export function withoutCoverage(command: SimpleCommand): SimpleCommand {
  const { prefix } = command;
  if (/(?:^|[\s/])c8\s/.test(prefix)) return { ...command, prefix: assignedIn(prefix) };
  return { ...command, prefix: prefix.replace(/((?:^|[\s/])nyc)(?=\s)/, "$1 --check-coverage=false") };
}

/** A command that does nothing but look at what an earlier one measured. */
export function readsCoverage(text: string): boolean {
  return /^(?:npx\s+)?(?:nyc|c8)\s+(?:report|check-coverage)(?=\s|$)/.test(text);
}
