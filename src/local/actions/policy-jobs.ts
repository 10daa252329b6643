// Rules about a job as a whole: what its token may do, how long it runs, on what, and what it takes from other jobs.
import {
  bare,
  type Complaint,
  child,
  children,
  expressions,
  isOwn,
  jobs,
  type Place,
  type Rule,
  steps,
  text,
  type Workflow,
} from "./policy-document.ts";

/** No job needs another. */
const SCOPES = new Set(["contents", "issues", "pull-requests", "checks", "actions"]);
/** Of downloads: all that says where the artifact comes from, or lets another be taken for it. */
const LOOSE_DOWNLOAD = ["name", "pattern", "run-id", "repository", "github-token", "digest-mismatch"];
const LONGEST_MINUTES = 360;

function missingKey(key: string, workflow: Workflow): Complaint[] {
  return jobs(workflow)
    .filter((place) => !child(workflow, place, key))
    .map((place) => ({ place, message: `job \`${place.path[1]}\` has no \`${key}\`; say it.` }));
}

function scopeFaults(workflow: Workflow): Complaint[] {
  return jobs(workflow).flatMap((job) => {
    const permissions = child(workflow, job, "permissions");
    if (!permissions) return [];
    if (text(permissions) !== "")
      return [{ place: permissions, message: "`permissions` names no scopes; list what the job needs." }];
    return children(workflow, permissions)
      .filter((place) => !SCOPES.has(String(place.path.at(-1))) || !/^(?:read|write|none)$/.test(text(place)))
      .map((place) => ({ place, message: `the scope \`${place.path.at(-1)}\` is for no job; remove it.` }));
  });
}

/** A token that writes, in reach of code that is not the project's own. */
function writesBesideCode(workflow: Workflow, own: readonly string[]): Complaint[] {
  return jobs(workflow).flatMap((job) => {
    const permissions = child(workflow, job, "permissions");
    const writing = permissions
      ? children(workflow, permissions).filter(
          (place) => text(place) === "write" && place.path.at(-1) !== "checks",
        )
      : [];
    const others = steps(workflow)
      .filter(({ path }) => path[1] === job.path[1])
      .map((step) => text(child(workflow, step, "uses")))
      .filter((uses) => !isOwn(uses, own) && !/^actions\/download-artifact@/i.test(uses));
    return others.length === 0
      ? []
      : writing.map((place) => ({
          place,
          message: `job \`${job.path[1]}\` may write \`${place.path.at(-1)}\`, and runs other code; it may only read.`,
        }));
  });
}

function downloads(workflow: Workflow): Place[] {
  return steps(workflow).filter((step) =>
    /^actions\/download-artifact@/i.test(text(child(workflow, step, "uses"))),
  );
}

export const jobRules: Readonly<Record<string, Rule>> = {
  permissions: (workflow) => {
    const top = workflow.at("permissions");
    const isNone = top !== undefined && text(top) === "" && children(workflow, top).length === 0;
    const message = top
      ? "the workflow's own `permissions` give every job a token; write `permissions: {}`."
      : "the workflow has no `permissions` on top; write `permissions: {}`.";
    return [
      ...(isNone ? [] : [{ place: top, message }]),
      ...missingKey("permissions", workflow),
      ...scopeFaults(workflow),
    ];
  },
  "write-token": writesBesideCode,
  timeout: (workflow) => [
    ...missingKey("timeout-minutes", workflow),
    ...jobs(workflow).flatMap((job) => {
      const place = child(workflow, job, "timeout-minutes");
      const minutes = Number(text(place));
      const isGood = Number.isInteger(minutes) && minutes > 0 && minutes <= LONGEST_MINUTES;
      return place && !isGood
        ? [{ place, message: `\`timeout-minutes\` is a number from 1 to ${LONGEST_MINUTES}; write one.` }]
        : [];
    }),
  ],
  runner: (workflow) =>
    workflow.places
      .filter(({ path }) => path[0] === "jobs" && path[2] === "runs-on")
      .filter((place) => expressions(text(place)).length > 0)
      .map((place) => ({ place, message: "`runs-on` is chosen by a value; write the runner's label." })),
  artifacts: (workflow) =>
    downloads(workflow).flatMap((step) => {
      const loose = LOOSE_DOWNLOAD.flatMap((input) => child(workflow, step, "with", input) ?? []);
      const id = child(workflow, step, "with", "artifact-ids");
      const isById = /^needs\.[\w-]+\.outputs\.[\w-]+$/.test(bare(text(id)));
      const message = "an artifact is taken by the id that its job gave, and from this run alone.";
      return [...loose, ...(isById ? [] : [id ?? step])].map((place) => ({ place, message }));
    }),
  overwrite: (workflow) =>
    workflow.places
      .filter(({ path }) => path[0] === "jobs" && path.at(-2) === "with" && path.at(-1) === "overwrite")
      .filter((place) => text(place) !== "false")
      .map((place) => ({
        place,
        message: "an artifact that was uploaded stays as it is; remove `overwrite`.",
      })),
  inherited: (workflow) =>
    workflow.places
      .filter(({ path }) => path[0] === "jobs" && path.length === 3)
      .filter(({ path }) =>
        ["environment", "container", "services", "strategy", "defaults"].includes(String(path[2])),
      )
      .map((place) => ({
        place,
        message: `\`${place.path[2]}\` gives the job what its steps do not show; remove it.`,
      })),
};
