import { expect, test } from "vitest";
import { commitFile, octokit, repo, startFixture } from "./fixture.ts";

const FACTS = `query($number:Int!,$branch:String!){
  repository(owner:"ada",name:"demo"){
    id databaseId isArchived defaultBranchRef{name target{oid}}
    issue(number:$number){
      number id databaseId title body state
      author{login ... on User{databaseId}}
      labels(first:10){nodes{name}}
      comments(last:50){nodes{databaseId body author{login __typename} createdAt viewerDidAuthor}}
      userContentEdits(first:5){totalCount nodes{editedAt editor{login}}}
      timelineItems(last:20,itemTypes:[LABELED_EVENT]){nodes{... on LabeledEvent{createdAt label{name} actor{login __typename}}}}
    }
    pullRequests(headRefName:$branch,states:[OPEN],first:5){nodes{id number isDraft state merged headRefOid headRefName baseRefName title body labels(first:5){nodes{name}} comments(first:5){nodes{body}} author{login}}}
    head:ref(qualifiedName:"refs/heads/topic"){name target{oid ... on Commit{
      oid messageHeadline committedDate tree{oid entries{name type mode oid path}}
      author{name email user{login databaseId}} signature{isValid} parents(first:1){nodes{oid}}
      history(first:10){nodes{oid}} file(path:"src/a.ts"){oid object{... on Blob{oid text byteSize isBinary isTruncated}}}}}}
    config:object(expression:"main:.github/agent-harness.yml"){oid}
    readme:object(expression:"main:README.md"){oid __typename ... on Blob{text byteSize}}
    folder:object(expression:"topic:src"){__typename ... on Tree{entries{name type oid mode}}}
  }}`;

test("answers the facts query: issue, pull request, commits and files in one", async () => {
  await using fixture = await startFixture();
  const { ada, app, first } = fixture;
  await ada.rest.issues.create({ ...repo, title: "t", body: "b", labels: ["agent:harness"] });
  await ada.rest.issues.update({ ...repo, issue_number: 1, body: "b2" });
  await app.rest.issues.createComment({ ...repo, issue_number: 1, body: "mine" });
  const head = await commitFile(app, { branch: "topic", path: "b.ts", content: "b", parent: first });
  await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "p", body: "x", draft: true });
  const facts = await app.graphql(FACTS, { number: 1, branch: "topic" });
  expect(facts).toMatchObject({
    repository: {
      isArchived: false,
      defaultBranchRef: { name: "main", target: { oid: first } },
      issue: {
        number: 1,
        body: "b2",
        state: "OPEN",
        author: { login: "ada", databaseId: expect.any(Number) },
        labels: { nodes: [{ name: "agent:harness" }] },
        comments: {
          nodes: [
            { body: "mine", author: { login: "agent-harness", __typename: "Bot" }, viewerDidAuthor: true },
          ],
        },
        userContentEdits: { totalCount: 2 },
        timelineItems: {
          nodes: [{ label: { name: "agent:harness" }, actor: { login: "ada", __typename: "User" } }],
        },
      },
      pullRequests: {
        nodes: [{ number: 2, isDraft: true, state: "OPEN", merged: false, headRefOid: head, title: "p" }],
      },
      head: {
        name: "topic",
        target: {
          oid: head,
          messageHeadline: "add b.ts",
          author: { user: { login: "agent-harness[bot]" } },
          signature: { isValid: true },
          parents: { nodes: [{ oid: first }] },
          history: { nodes: [{ oid: head }, { oid: first }] },
          file: { object: { text: "export const a = 1;\n", isBinary: false, isTruncated: false } },
        },
      },
      config: null,
      readme: { __typename: "Blob", text: "# demo\n", byteSize: 7 },
      folder: { __typename: "Tree", entries: [{ name: "a.ts", type: "blob", mode: 33188 }] },
    },
  });
});

test("marks a draft ready and back, tells the App, and leaves REST unable to", async () => {
  await using fixture = await startFixture();
  const { app, first, received, github } = fixture;
  await commitFile(app, { branch: "topic", path: "b", content: "b", parent: first });
  const pull = (
    await app.rest.pulls.create({ ...repo, head: "topic", base: "main", title: "p", draft: true })
  ).data;
  const still = await app.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
    ...repo,
    pull_number: 1,
    draft: false,
  });
  expect(still.data.draft).toBe(true);
  const change = (name: string) =>
    app.graphql(`mutation($id:ID!){${name}(input:{pullRequestId:$id}){pullRequest{isDraft number}}}`, {
      id: pull.node_id,
    });
  expect(await change("markPullRequestReadyForReview")).toEqual({
    markPullRequestReadyForReview: { pullRequest: { isDraft: false, number: 1 } },
  });
  expect(await change("convertPullRequestToDraft")).toEqual({
    convertPullRequestToDraft: { pullRequest: { isDraft: true, number: 1 } },
  });
  await github.idle();
  const actions = received
    .filter(({ event }) => event === "pull_request")
    .map(({ payload }) => payload.action);
  expect(actions.sort()).toEqual(["converted_to_draft", "opened", "ready_for_review"]);
});

test("commits on a branch only when it is where the caller expects it", async () => {
  await using fixture = await startFixture();
  const { app, first } = fixture;
  const commit = (expectedHeadOid: string) =>
    app.graphql<{ createCommitOnBranch: { commit: { oid: string; parents: { nodes: unknown[] } } } }>(
      "mutation($i:CreateCommitOnBranchInput!){createCommitOnBranch(input:$i){commit{oid parents(first:1){nodes{oid}}}}}",
      {
        i: {
          branch: { repositoryNameWithOwner: "ada/demo", branchName: "main" },
          expectedHeadOid,
          message: { headline: "h", body: "b" },
          fileChanges: {
            additions: [{ path: "new/x.txt", contents: Buffer.from("x").toString("base64") }],
            deletions: [{ path: "src/a.ts" }],
          },
        },
      },
    );
  const made = await commit(first);
  expect(made.createCommitOnBranch.commit.parents.nodes).toEqual([{ oid: first }]);
  const tree = await app.rest.git.getTree({ ...repo, tree_sha: "main", recursive: "1" });
  expect(tree.data.tree.map(({ path }) => path)).toEqual(["README.md", "new", "new/x.txt"]);
  await expect(commit(first)).rejects.toMatchObject({ errors: [{ type: "STALE_DATA" }] });
});

test("errors loudly: unknown fields, fields it does not resolve, pages without a size, things not there", async () => {
  await using fixture = await startFixture();
  const { app, github } = fixture;
  const message = async (query: string) => {
    const failed = await app.graphql(query).then(
      () => undefined,
      (error: unknown) => error,
    );
    return (failed as { errors: { message: string; type?: string }[] }).errors[0];
  };
  const inside = (field: string) => message(`{repository(owner:"ada",name:"demo"){${field}}}`);
  expect(await inside("nope")).toMatchObject({ message: "Field 'nope' doesn't exist on type 'Repository'" });
  expect((await inside("diskUsage"))?.message).toContain("does not resolve Repository.diskUsage");
  expect(await inside("pullRequests{nodes{id}}")).toMatchObject({ type: "MISSING_PAGINATION_BOUNDARIES" });
  expect((await inside('pullRequests(first:1,labels:["x"]){nodes{id}}'))?.message).toContain(
    "does not resolve the argument",
  );
  expect(await inside("issue(number:9){id}")).toMatchObject({ type: "NOT_FOUND" });
  expect(await message('{repository(owner:"ada",name:"other"){id}}')).toMatchObject({ type: "NOT_FOUND" });
  const hidden = octokit(github, github.userToken("nil")).graphql(
    '{repository(owner:"ada",name:"demo"){id}}',
  );
  await expect(hidden).rejects.toMatchObject({ errors: [{ type: "NOT_FOUND" }] });
});
