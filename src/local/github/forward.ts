// Requests that the store answers as it is: reads, and writes that cause no event.
import { type Forge, writeStore } from "./forge.ts";
import { type ApiAnswer, type ApiRequest, noContent } from "./http.ts";
import { isObject } from "./json.ts";
import { present } from "./present.ts";

export async function forward(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const query = request.query.size > 0 ? `?${request.query}` : "";
  if (request.method === "GET") {
    const { status, data, link } = await forge.store.read(`${request.path}${query}`, forge.owner);
    return { status, body: await present(forge, data), headers: link ? { link } : {} };
  }
  const path = request.path.split("/").slice(4).join("/");
  const body = isObject(request.body) ? request.body : {};
  const data = await writeStore(forge, request.identity, { method: request.method, path: `/${path}`, body });
  if (data === null) return noContent;
  return { status: request.method === "POST" ? 201 : 200, body: data };
}
