// The house's rules for a workflow file, beyond what GitHub demands. Each rule is a row of the table below; what each job
// of the shipped workflow must be, policy-roles.ts says.
import type { Finding } from "./lint.ts";
import {
  applyRules,
  bare,
  type Complaint,
  child,
  expressions,
  isOwn,
  names,
  type Place,
  type Rule,
  steps,
  text,
  type Workflow,
} from "./policy-document.ts";
import { jobRules } from "./policy-jobs.ts";

const FULL_SHA = /^[0-9a-f]{40}$/;
const OWN_REF = /^(?:v\d+(?:\.\d+){0,2}|[0-9a-f]{40})$/;
/** Beside the project's own. */
const KNOWN_ACTIONS = /^actions\/(?:checkout|upload-artifact|download-artifact|setup-[a-z]+)@/i;
/** Text that a stranger or a model can write: as part of a script it is code. */
const UNTRUSTED =
  /\bgithub\s*(?:\.\s*(?:event|head_ref|actor|triggering_actor)\b|\[|(?!\s*[.[\w]))|\b(?:inputs|needs|steps)\b/i;
const SWALLOWED = [
  /\|\|\s*(?:true|:|exit\s+0|echo|printf|\/bin\/true)(?=[\s;)]|$)/m,
  /\bset\s+(?:\+e\b|\+o\s+errexit\b)/,
  /[;\n]\s*(?:true|:|exit\s+0)\s*$/,
];
const FETCHED = /\b(?:curl|wget)\b[\s\S]*\|\s*(?:sudo\s+)?(?:ba|da|z)?sh\b/;
/** Variables that change how the runner, Node, git, the shell or the loader work, or that take the sandbox away. */
const STEERING =
  /^(?:ACTIONS_|RUNNER_|GITHUB_|INPUT_|NODE_|LD_|DYLD_|GIT_|BASH_ENV$|ENV$|PATH$|AGENT_HARNESS_UNSAFE)/i;

const isRun = ({ path }: Place) => path[0] === "jobs" && path.at(-1) === "run" && path.at(-3) === "steps";
const isScript = ({ path }: Place) =>
  path[0] === "jobs" && path.at(-1) === "script" && path.at(-2) === "with";

function complain(places: readonly Place[], message: (place: Place) => string): Complaint[] {
  return places.map((place) => ({ place, message: message(place) }));
}

const RULES: Readonly<Record<string, Rule>> = {
  ...jobRules,
  pinned: (workflow, own) =>
    workflow.places.flatMap((place) => {
      const isUses = place.path.at(-1) === "uses" && place.path[0] === "jobs";
      const fault = isUses ? usesFault(text(place), own) : imageFault(place);
      return fault === undefined ? [] : [{ place, message: fault }];
    }),
  actions: (workflow, own) =>
    complain(
      workflow.places.filter(
        (place) =>
          place.path[0] === "jobs" &&
          place.path.at(-1) === "uses" &&
          !isOwn(text(place), own) &&
          !KNOWN_ACTIONS.test(text(place)),
      ),
      (place) => `\`uses: ${text(place)}\` is not one of the few actions that are needed; remove it.`,
    ),
  cache: (workflow) =>
    complain(
      workflow.places.filter(
        (place) =>
          place.path[0] === "jobs" &&
          place.path.at(-2) === "with" &&
          /^(?:package-manager-)?cache/.test(String(place.path.at(-1))) &&
          text(place) !== "false",
      ),
      () => "a cache carries files from one run into another; remove it.",
    ),
  "persist-credentials": (workflow) =>
    complain(
      checkouts(workflow).filter(
        (step) => text(child(workflow, step, "with", "persist-credentials")) !== "false",
      ),
      () => "checkout leaves its token behind; add `persist-credentials: false`.",
    ),
  checkout: (workflow) =>
    checkouts(workflow).flatMap((step) =>
      ["repository", "token", "ssh-key", "submodules", "path"].flatMap((input) => {
        const place = child(workflow, step, "with", input);
        return place ? [{ place, message: `checkout needs no \`${input}\`; remove it.` }] : [];
      }),
    ),
  injection: (workflow) =>
    complain(
      workflow.places
        .filter((place) => isRun(place) || isScript(place))
        .filter((place) => expressions(text(place)).some((each) => UNTRUSTED.test(names(each)))),
      () => "`run` holds text that others write; hand it over by `env`.",
    ),
  shell: (workflow) =>
    complain(
      workflow.places.filter(
        (place) =>
          (place.path.at(-1) === "shell" && !/^(?:bash|sh)$/.test(text(place))) ||
          (place.path.at(-1) === "working-directory" && expressions(text(place)).length > 0),
      ),
      () => "`shell` is `bash` or `sh`, and `working-directory` a plain path; write it out.",
    ),
  swallowed: (workflow) =>
    complain(
      workflow.places
        .filter(isRun)
        .filter((place) => SWALLOWED.some((pattern) => pattern.test(text(place).trimEnd()))),
      () => "`run` goes on after a failure; let it fail.",
    ),
  fetched: (workflow) =>
    complain(
      workflow.places.filter(isRun).filter((place) => FETCHED.test(text(place))),
      () => "`run` fetches a script and runs it; nothing pins what it is.",
    ),
  "pull-request-target": (workflow) =>
    complain(
      triggers(workflow).filter((place) => triggerName(place) === "pull_request_target"),
      () => "`pull_request_target` runs with secrets on strangers' code; do not use it.",
    ),
  triggers: (workflow) =>
    complain(
      triggers(workflow).filter(
        (place) => !/^(?:workflow_dispatch|pull_request|pull_request_target)$/.test(triggerName(place)),
      ),
      (place) => `the trigger \`${triggerName(place)}\` starts it in ways that nobody checks; remove it.`,
    ),
  "continue-on-error": (workflow) =>
    complain(
      workflow.places.filter(({ path }) => path.at(-1) === "continue-on-error" && path[0] === "jobs"),
      () => "`continue-on-error` hides failures; remove it.",
    ),
  constant: (workflow) =>
    complain(
      workflow.places
        .filter(({ path }) => path.at(-1) === "if" && path[0] === "jobs")
        .filter((place) => /^(?:!?\s*(?:true|false)|\d+|'')$/.test(bare(text(place)))),
      () => "this `if` is always the same; remove what never runs, or the condition.",
    ),
  environment: (workflow) =>
    complain(
      workflow.places.filter(
        ({ path }) => path.at(-2) === "env" && path.length <= 6 && STEERING.test(String(path.at(-1))),
      ),
      ({ path }) => `\`${path.at(-1)}\` changes how the runner or its programs work; remove it.`,
    ),
  secrets: (workflow, own) =>
    complain(
      workflow.places.filter((place) => isSecretOutside(workflow, place, own)),
      () =>
        "secrets may stand only in a step's `env` or `with` of the project's own action, each by its name; move it there.",
    ),
  token: (workflow) =>
    complain(
      workflow.places.filter((place) =>
        expressions(text(place)).some((each) =>
          /\bgithub\s*\.\s*token\b|\bGITHUB_TOKEN\b/i.test(names(each)),
        ),
      ),
      () => "the job's token is handed on; the action takes it by itself.",
    ),
};

function usesFault(uses: string, own: readonly string[]): string | undefined {
  const [, ref = ""] = uses.split("@");
  if (uses.startsWith("./")) return `\`uses: ${uses}\` runs what is checked out; name a repository.`;
  if (isOwn(uses, own))
    return OWN_REF.test(ref)
      ? undefined
      : `\`uses: ${uses}\` follows a branch; give a version or a commit SHA.`;
  return FULL_SHA.test(ref) ? undefined : `\`uses: ${uses}\` is not pinned; give the full commit SHA.`;
}

/** Of a job's container, a service or a step in a container. */
function imageFault(place: Place): string | undefined {
  const { path } = place;
  const isImage = path.at(-1) === "image" || (path.length === 3 && path[2] === "container");
  const image = text(place);
  if (path[0] !== "jobs" || !isImage || image === "" || /@sha256:[0-9a-f]{64}$/.test(image)) return undefined;
  return `the image \`${image}\` is not pinned; give its digest.`;
}

function checkouts(workflow: Workflow): Place[] {
  return steps(workflow).filter((step) => /^actions\/checkout@/i.test(text(child(workflow, step, "uses"))));
}

function triggers({ places }: Workflow): Place[] {
  return places.filter((place) => {
    const { path } = place;
    return path[0] === "on" && (path.length === 2 || (path.length === 1 && text(place) !== ""));
  });
}

function triggerName(place: Place): string {
  const key = place.path[1];
  return typeof key === "string" ? key : text(place);
}

function isSecretOutside(workflow: Workflow, place: Place, own: readonly string[]): boolean {
  const { path } = place;
  if (path[0] === "jobs" && path[2] === "secrets" && path.length <= 4) return true;
  const value = text(place);
  const found = path.at(-1) === "if" ? [value] : expressions(value);
  if (!found.some((expression) => /\bsecrets\b/i.test(names(expression)))) return false;
  const isAllowed =
    path[0] === "jobs" &&
    path[2] === "steps" &&
    path.length === 6 &&
    (path[4] === "env" || path[4] === "with") &&
    isOwn(text(workflow.at(...path.slice(0, 4), "uses")), own);
  return !isAllowed || !/^secrets\.[A-Za-z_]\w*$/.test(bare(value));
}

/** `ownActions` are the `owner/name` that may stand at a tag. No finding means that every rule holds. */
export function policyFindings(workflowText: string, ownActions: readonly string[] = []): Finding[] {
  return applyRules(workflowText, RULES, ownActions);
}
