// Bodies of deliveries as GitHub makes them, for rows that deliver by hand.
import { installation, label, type Scene } from "./scene.ts";
import { repo } from "./stage-parts.ts";

export type Payload = Record<string, unknown>;

async function common(scene: Scene, login: string): Promise<Payload> {
  const owner = scene.as("ada").rest;
  const repository = (await owner.repos.get(repo)).data;
  const sender = (await owner.users.getByUsername({ username: login })).data;
  return { repository, sender, installation: { id: installation } };
}

/** Of a label that `login` has set. */
export async function labeled(scene: Scene, issue: number, login = "mia"): Promise<Payload> {
  const owner = scene.as("ada").rest;
  return {
    action: "labeled",
    issue: (await owner.issues.get({ ...repo, issue_number: issue })).data,
    label: (await owner.issues.getLabel({ ...repo, name: label })).data,
    ...(await common(scene, login)),
  };
}

/** Of a comment that stands. */
export async function commented(scene: Scene, issue: number, comment: number): Promise<Payload> {
  const owner = scene.as("ada").rest;
  return {
    action: "created",
    issue: (await owner.issues.get({ ...repo, issue_number: issue })).data,
    comment: (await owner.issues.getComment({ ...repo, comment_id: comment })).data,
    ...(await common(scene, "mia")),
  };
}

/** Of a push to the default branch. */
export async function pushed(scene: Scene): Promise<Payload> {
  const zeros = "0".repeat(40);
  return {
    ref: "refs/heads/main",
    before: zeros,
    after: "1".repeat(40),
    created: false,
    deleted: false,
    commits: [],
    ...(await common(scene, "mia")),
  };
}
