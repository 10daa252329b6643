// The artifact service as @actions/artifact speaks to it, from a real JavaScript action in a real job.
import { createHash } from "node:crypto";
import { strToU8, unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { startBench, temporaryFolder, writeTree } from "./actions-fixture.ts";

const ACTION = "name: R\ndescription: r\nruns: {using: node24, main: main.js}\n";
const CALL = `
const call = async (method, fields, token = process.env.ACTIONS_RUNTIME_TOKEN) => {
  const scope = JSON.parse(Buffer.from(process.env.ACTIONS_RUNTIME_TOKEN.split(".")[1], "base64url")).scp.split(":");
  const url = new URL(process.env.ACTIONS_RESULTS_URL).origin + "/twirp/github.actions.results.api.v1.ArtifactService/" + method;
  const ids = { workflow_run_backend_id: scope[1], workflow_job_run_backend_id: scope[2] };
  const response = await fetch(url, { method: "POST", headers: { authorization: "Bearer " + token, "content-type": "application/json" }, body: JSON.stringify({ ...ids, ...fields }) });
  return { status: response.status, ...(await response.json()) };
};
`;

async function runAction(main: string) {
  using folder = temporaryFolder();
  writeTree(folder.path, {
    "action.yml": ACTION,
    "main.mjs": `${CALL}${main}`,
    "main.js": "import('./main.mjs').catch((e) => { console.log(e); process.exit(1); });",
  });
  const bench = await startBench({ localActions: { "octo/r": folder.path } });
  const done = await bench.run(
    "on: workflow_dispatch\njobs: {a: {runs-on: ubuntu-latest, steps: [{uses: octo/r@v1}]}}",
  );
  const said = (key: string) =>
    done
      .log()
      .split("\n")
      .find((line) => line.startsWith(`${key} `))
      ?.slice(key.length + 1);
  return { bench, done, said };
}

const ZIP = Buffer.from(zipSync({ "a.txt": strToU8("hello") }));

test("takes an upload in blocks, lists it, hands it out and deletes it", async () => {
  const hash = createHash("sha256").update(ZIP).digest("hex");
  const { bench, done, said } = await runAction(`
const zip = Buffer.from("${ZIP.toString("base64")}", "base64");
const { signed_upload_url } = await call("CreateArtifact", { name: "n", version: 4 });
const put = (query, body) => fetch(signed_upload_url + query, { method: "PUT", body });
console.log("blocks", (await put("&comp=block&blockid=Mg==", zip.subarray(9))).status, (await put("&comp=block&blockid=MQ==", zip.subarray(0, 9))).status);
console.log("bad", (await put("&comp=blocklist", "<BlockList><Latest>Mw==</Latest></BlockList>")).status);
console.log("list", (await put("&comp=blocklist", "<BlockList><Latest>MQ==</Latest><Latest>Mg==</Latest></BlockList>")).status);
const wrong = await call("FinalizeArtifact", { name: "n", size: String(zip.length), hash: "sha256:00" });
console.log("wrong", wrong.status);
const again = await call("CreateArtifact", { name: "n", version: 4 });
await fetch(again.signed_upload_url, { method: "PUT", body: zip, headers: { "x-ms-blob-type": "BlockBlob" } });
console.log("final", JSON.stringify(await call("FinalizeArtifact", { name: "n", size: String(zip.length), hash: "sha256:${hash}" })));
console.log("twice", (await call("CreateArtifact", { name: "n", version: 4 })).status);
console.log("found", JSON.stringify((await call("ListArtifacts", { name_filter: "n" })).artifacts[0]));
const { signed_url } = await call("GetSignedArtifactURL", { name: "n" });
console.log("same", Buffer.from(await (await fetch(signed_url)).arrayBuffer()).equals(zip), (await fetch(signed_url.replace(/sig=./, "sig=_"))).status);
`);
  await using _ = bench;
  expect(done.run.conclusion).toBe("success");
  expect([said("blocks"), said("bad"), said("list"), said("wrong"), said("twice"), said("same")]).toEqual([
    "201 201",
    "400",
    "201",
    "400",
    "409",
    "true 403",
  ]);
  const [artifact] = bench.actions.artifacts(done.run.id);
  expect(JSON.parse(said("final") ?? "{}")).toEqual({
    status: 200,
    ok: true,
    artifact_id: String(artifact?.id),
  });
  expect(JSON.parse(said("found") ?? "{}")).toMatchObject({
    name: "n",
    digest: `sha256:${hash}`,
    size: String(ZIP.length),
  });
  expect(Object.keys(unzipSync(bench.actions.artifactZip(artifact?.id ?? 0) ?? new Uint8Array()))).toEqual([
    "a.txt",
  ]);
});

test("refuses a strange token, another run's ids and an unknown method, and a token whose job is over", async () => {
  const { bench, done, said } = await runAction(`
console.log("strange", (await call("ListArtifacts", {}, "nope")).status, (await call("ListArtifacts", { workflow_run_backend_id: "99" })).status, (await call("Nonsense", {})).status);
console.log("gone", (await call("DeleteArtifact", { name: "none" })).status, (await call("CreateArtifact", {})).status);
console.log("origin", new URL(process.env.ACTIONS_RESULTS_URL).origin);
`);
  await using _ = bench;
  expect([said("strange"), said("gone")]).toEqual(["401 403 404", "404 400"]);
  const url = `${said("origin")}/twirp/github.actions.results.api.v1.ArtifactService/ListArtifacts`;
  expect(done.run.conclusion).toBe("success");
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
});
