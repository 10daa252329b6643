// What each job of the shipped workflow must be, whatever else is changed in it: the rules that compare a file with the
// roles' table.
import type { Finding } from "./lint.ts";
import {
  applyRules,
  bare,
  type Complaint,
  child,
  children,
  isOwn,
  jobs,
  type Place,
  type Rule,
  steps,
  text,
  type Workflow,
} from "./policy-document.ts";
import { type Role, roles } from "./policy-role-table.ts";

const runName = "agent-harness #inputs.task inputs.ticket";
const keyNames = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"];
const addressName = "ANTHROPIC_BASE_URL";

interface RoleJob {
  readonly workflow: Workflow;
  readonly job: Place;
  readonly name: string;
  readonly role: Role;
  readonly steps: readonly Place[];
  /** The step that is the project's own action. */
  readonly own: Place;
}

/** `${{ a.b }}/c` as `a.b/c`. */
function plain(value: string): string {
  return value.replace(/\$\{\{\s*(.*?)\s*\}\}/gs, "$1").trim();
}

function stepsOf(workflow: Workflow, job: Place): Place[] {
  return steps(workflow).filter(({ path }) => path[1] === job.path[1]);
}

function usesOf(workflow: Workflow, step: Place): string {
  return text(child(workflow, step, "uses"));
}

function roleJobs(workflow: Workflow, ownActions: readonly string[]): RoleJob[] {
  return jobs(workflow).flatMap((job) => {
    const all = stepsOf(workflow, job);
    const own = all.find((step) => isOwn(usesOf(workflow, step), ownActions));
    const name = own ? text(child(workflow, own, "with", "role")) : "";
    const role = roles[name];
    return own && role ? [{ workflow, job, name, role, steps: all, own }] : [];
  });
}

/** Texts by key of a mapping. */
function record(workflow: Workflow, place: Place | undefined): Record<string, string> {
  if (!place) return {};
  return Object.fromEntries(
    children(workflow, place).map((each) => [String(each.path.at(-1)), plain(text(each))]),
  );
}

function isSame(found: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(wanted);
  return Object.keys(found).length === keys.length && keys.every((key) => found[key] === wanted[key]);
}

/** A rule about every job that has a role: the message where it does not hold. */
function forRoles(check: (job: RoleJob) => string | undefined): Rule {
  return (workflow, own) =>
    roleJobs(workflow, own).flatMap((roleJob): Complaint[] => {
      const message = check(roleJob);
      return message === undefined
        ? []
        : [{ place: roleJob.job, message: `job \`${roleJob.name}\`: ${message}` }];
    });
}

function isSameList(found: readonly string[], wanted: readonly string[]): boolean {
  return found.length === wanted.length && found.every((value, index) => value === wanted[index]);
}

function list(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.map((value) => value || "the default").join(", ");
}

const ROLE_RULES: Readonly<Record<string, Rule>> = {
  roles: (workflow, own) => {
    const found = roleJobs(workflow, own);
    const missing = Object.keys(roles).filter(
      (name) => !found.some((each) => each.job.path[1] === name && each.name === name),
    );
    const others = jobs(workflow).filter(
      (job) => !found.some((each) => each.job === job && each.name === job.path[1]),
    );
    return [
      ...missing.map((name) => ({
        place: undefined,
        message: `no job \`${name}\` has the role of its name.`,
      })),
      ...others.map((place) => ({
        place,
        message: `job \`${place.path[1]}\` has no role of its name; remove it.`,
      })),
    ];
  },
  start: (workflow) => {
    const inputs = workflow.at("on", "workflow_dispatch", "inputs");
    const names = inputs ? children(workflow, inputs).map(({ path }) => String(path.at(-1))) : [];
    const on = workflow.at("on");
    const events = on ? children(workflow, on).map(({ path }) => String(path.at(-1))) : [];
    const isGood = isSameList(events, ["workflow_dispatch"]) && isSameList(names.sort(), ["task", "ticket"]);
    return isGood
      ? []
      : [{ place: on, message: "it starts by `workflow_dispatch` with `task` and `ticket` alone." }];
  },
  "run-name": (workflow) =>
    plain(text(workflow.at("run-name"))) === runName
      ? []
      : [
          {
            place: workflow.at("run-name"),
            message: "runs are found by task and ticket in their `run-name`.",
          },
        ],
  needs: forRoles(({ workflow, job, role }) => {
    const needs = child(workflow, job, "needs");
    const found = needs ? (text(needs) === "" ? children(workflow, needs).map(text) : [text(needs)]) : [];
    return isSameList([...found].sort(), [...role.needs].sort())
      ? undefined
      : `it needs ${list(role.needs)}, found ${list(found)}.`;
  }),
  condition: forRoles(({ workflow, job, role }) => {
    const found = bare(text(child(workflow, job, "if")));
    return found === role.condition
      ? undefined
      : `its \`if\` is \`${role.condition || "none"}\`, found \`${found}\`.`;
  }),
  "role-permissions": forRoles(({ workflow, job, role }) =>
    isSame(record(workflow, child(workflow, job, "permissions")), role.permissions)
      ? undefined
      : `its permissions are ${JSON.stringify(role.permissions)} and no others.`,
  ),
  "role-checkout": forRoles(({ workflow, steps: all, role }) => {
    const found = all
      .filter((step) => /^actions\/checkout@/i.test(usesOf(workflow, step)))
      .map((step) => plain(text(child(workflow, step, "with", "ref"))));
    const wanted = role.checkout === undefined ? [] : [role.checkout];
    return isSameList(found, wanted) ? undefined : `it checks out ${list(wanted)}, found ${list(found)}.`;
  }),
  "role-inputs": forRoles(({ workflow, own, name, role }) => {
    const wanted = { role: name, task: "inputs.task", ticket: "inputs.ticket", ...role.inputs };
    return isSame(record(workflow, child(workflow, own, "with")), wanted)
      ? undefined
      : `the action's inputs are ${JSON.stringify(wanted)}.`;
  }),
  "role-environment": forRoles(({ workflow, job, own, role, steps: all }) => {
    const keys = role.hasKey ? keyNames.map((key): [string, string] => [key, `secrets.${key}`]) : [];
    const address: [string, string][] = role.hasKey ? [[addressName, `vars.${addressName}`]] : [];
    const found = record(workflow, child(workflow, own, "env"));
    const others = [workflow.at("env"), child(workflow, job, "env")].filter((place) => place !== undefined);
    const steered = all.filter((step) => step !== own && child(workflow, step, "env"));
    const isGood = isSame(found, Object.fromEntries([...keys, ...address]));
    return isGood && others.length === 0 && steered.length === 0
      ? undefined
      : `only the action's own step has an \`env\`, with ${list([...keys, ...address].map(([key]) => key))}.`;
  }),
  "role-outputs": forRoles(({ workflow, job, role }) =>
    isSame(record(workflow, child(workflow, job, "outputs")), role.outputs)
      ? undefined
      : `its outputs are ${JSON.stringify(role.outputs)}.`,
  ),
  "role-artifacts": forRoles(({ workflow, steps: all, role }) => {
    const using = (action: RegExp) => all.filter((step) => action.test(usesOf(workflow, step)));
    const input = (step: Place, name: string) => plain(text(child(workflow, step, "with", name)));
    const takes = using(/^actions\/download-artifact@/i).map((step) => input(step, "artifact-ids"));
    const leaves = using(/^actions\/upload-artifact@/i).map((step): [string, string] => [
      input(step, "name"),
      input(step, "path"),
    ]);
    const wanted = Object.entries(role.leaves).map(([name, path]): [string, string] => [
      `${name}-inputs.ticket`,
      path,
    ]);
    const isGood =
      isSameList(takes, role.takes) && isSame(Object.fromEntries(leaves), Object.fromEntries(wanted));
    return isGood && leaves.length === wanted.length
      ? undefined
      : `it takes ${list(role.takes)} and leaves ${list(Object.keys(role.leaves))}, and nothing else.`;
  }),
  "role-steps": forRoles(({ workflow, own, steps: all, name, role }) => {
    const owns = all.filter((step) => usesOf(workflow, step) === usesOf(workflow, own));
    if (owns.length !== 1 || child(workflow, own, "if"))
      return "its own step stands in it once, without an `if`.";
    if (!role.mayRunScripts && all.some((step) => child(workflow, step, "run"))) return "it runs no script.";
    const always = all.filter((step) => /always\s*\(|failure\s*\(/.test(text(child(workflow, step, "if"))));
    const isKept = (step: Place) => name === "session" && text(child(workflow, step, "id")) === "change";
    return always.every(isKept) ? undefined : "no step of it goes on after a failure.";
  }),
  "role-concurrency": (workflow, own) => {
    const wide = workflow.at("concurrency");
    const faults = roleJobs(workflow, own).flatMap(({ job, name }): Complaint[] => {
      const place = child(workflow, job, "concurrency");
      const found = record(workflow, place);
      const isOwnGroup =
        found.group === `agent-harness-${name}-inputs.task` && found["cancel-in-progress"] === "false";
      return place && !isOwnGroup
        ? [{ place, message: `the group of job \`${name}\` is its own and the task's, and cancels nothing.` }]
        : [];
    });
    return wide
      ? [{ place: wide, message: "a group of the whole run would queue `/stop` behind it." }, ...faults]
      : faults;
  },
};

/** What is not as the shipped workflow must be. None: every job is its role's. */
export function roleFindings(workflowText: string, ownActions: readonly string[]): Finding[] {
  return applyRules(workflowText, ROLE_RULES, ownActions);
}
