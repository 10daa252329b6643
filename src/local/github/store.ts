// Issues, labels, comments, pull requests and check runs: `emulate` in its thread, asked one mutation at a time.
// What it says of git, of people and of permissions is not used.
import { Worker } from "node:worker_threads";
import type { EmulateCall, EmulateReply, EmulateSeed } from "./emulate-worker.ts";
import { ApiError } from "./http.ts";
import { isObject, type Json, type JsonObject, textAt } from "./json.ts";
import { Mutex } from "./mutex.ts";

export interface StoreCall {
  readonly method: string;
  readonly path: string;
  readonly login: string;
  readonly body?: JsonObject;
}

export interface StoreAnswer {
  readonly status: number;
  readonly data: Json;
  readonly link: string | undefined;
}

export class Store implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (reply: EmulateReply) => void>();
  readonly #order = new Mutex();
  #lastId = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: EmulateReply) => {
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
  }

  /** Throws `ApiError` for every answer that is not a success. */
  async read(path: string, login: string): Promise<StoreAnswer> {
    return this.#call({ method: "GET", path, login }, undefined);
  }

  /**
   * Mutations run one after the other in the order of the calls, at the moment `at` (milliseconds).
   * `written` is called after a success and before the next mutation starts.
   */
  async mutate(call: StoreCall, at: number, written?: () => void): Promise<StoreAnswer> {
    return this.#order.run(async () => {
      const answer = await this.#call(call, at);
      written?.();
      return answer;
    });
  }

  async #call(call: StoreCall, at: number | undefined): Promise<StoreAnswer> {
    this.#lastId += 1;
    const id = this.#lastId;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const reply = await new Promise<EmulateReply>((resolve) => {
      this.#waiting.set(id, resolve);
      const { method, path, login } = call;
      this.#worker.postMessage({ id, method, path, login, body, at } satisfies EmulateCall);
    });
    const data: Json = parse(reply.text);
    if (reply.status < 400) return { status: reply.status, data, link: reply.link };
    const errors = isObject(data) ? data.errors : undefined;
    throw new ApiError(reply.status, textAt(data, "message") ?? reply.text, errors);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

function parse(text: string): Json {
  if (text === "") return null;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

export async function startStore(seed: EmulateSeed): Promise<Store> {
  // Beside this file as a source, beside the bundle as a bundle of its own.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./emulate-worker.${extension}`, import.meta.url), {
    workerData: seed,
    // The flags of the process may not suit a file: `--eval`, test runners.
    execArgv: [],
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  worker.unref();
  return new Store(worker);
}
