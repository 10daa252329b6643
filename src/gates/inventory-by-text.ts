// The inventory for runners that tell no ids: the texts of the tests, compared declaration by declaration.
import { declaredTests } from "./declared-tests.ts";
import { listed, shortList } from "./id-list.ts";
import { type TestRuns, titlesOf } from "./test-differences.ts";
import { mayChange } from "./test-permission.ts";
import type { GateFacts, GateOutcome } from "./types.ts";

export const howToAllow = (paths: readonly string[]) =>
  `a person can agree by \`/continue allow-test ${paths.length === 1 ? paths[0] : "<path>"}\``;

function howCounted(how: string): string {
  const only = "counted by exit code only";
  return how === only ? only : `${only}: on base, ${how}`;
}

/** The runner tells no ids, so the texts are read instead: what is declared must still be declared, and not marked. */
export function judgeByText(
  facts: GateFacts,
  { base: ran, first, second, changes }: TestRuns,
  detected: readonly string[],
): GateOutcome {
  const how = howCounted(ran.how);
  const isAllowed = (path: string) => facts.allowedTests.includes(path);
  const known = new Set([...changes.changed, ...changes.deleted, ...changes.added]);
  const [base, head] = [facts.texts.base, facts.texts.head].map((tree) =>
    declaredTests(tree, (path) => known.has(path)),
  );
  const names = new Set([...(head?.ids ?? [])].map(titlesOf));
  const lost = [...(base?.ids ?? [])].filter((id) => {
    const file = id.split(" > ", 1)[0] ?? "";
    const isMoved = !changes.changed.includes(file) && names.has(titlesOf(id));
    return !head?.ids.has(id) && !isMoved && !mayChange(facts, changes, { id, file });
  });
  const deleted = changes.deleted.filter(
    (path) => !isAllowed(path) && !lost.some((id) => id.startsWith(`${path} > `)),
  );
  const more = (head?.marks ?? 0) - (base?.marks ?? 0);
  const faults = [
    ...(lost.length > 0 ? [`no longer declared: ${listed(lost)}`] : []),
    ...(deleted.length > 0 ? [`test files are gone: ${listed(deleted)} (${howToAllow(deleted)})`] : []),
    ...(more > 0 ? [`${more} more ${more === 1 ? "mark keeps" : "marks keep"} tests from running`] : []),
    ...(first.exitCode === 0 && second.exitCode !== 0
      ? ["the test command fails on the change as it stands, and not with base's tests"]
      : []),
    ...detected,
  ];
  const evidence = {
    countedBy: "exit-code",
    declared: head?.ids.size ?? 0,
    lost: shortList(lost),
    configuration: shortList(changes.configuration),
  };
  const told = `${base?.ids.size ?? 0} declarations of base compared as text (${how})`;
  if (faults.length > 0) return { result: "fail", why: `${faults.join("; ")}; ${told}`, evidence, items: [] };
  return { result: "pass", why: told, evidence, items: [] };
}
