// Delivering events: signed, concurrent, logged, held back while paused. What an event says is made elsewhere.
import { createHmac, randomUUID } from "node:crypto";
import type { JsonObject } from "./json.ts";
import { textAt } from "./json.ts";
import type { AppOptions, Delivery } from "./options.ts";

const TIMEOUT_MS = 10_000;

export class Webhooks implements AsyncDisposable {
  readonly #app: AppOptions;
  readonly #log: Delivery[] = [];
  readonly #held: Delivery[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #paused = false;

  constructor(app: AppOptions) {
    this.#app = app;
  }

  get log(): Delivery[] {
    return [...this.#log];
  }

  send(event: string, payload: JsonObject): void {
    if (this.#app.webhookUrl === "" || this.#closing.signal.aborted) return;
    const delivery: Delivery = {
      id: randomUUID(),
      event,
      action: textAt(payload, "action"),
      payload,
      status: 0,
      redelivery: false,
      delivered_at: new Date().toISOString(),
    };
    if (this.#paused) this.#held.push(delivery);
    else void this.#start(delivery);
  }

  async redeliver(id: string): Promise<void> {
    const delivery = this.#log.find((one) => one.id === id);
    if (!delivery)
      throw new Error(`Expected the id of a delivery, found ${id}: take one from \`deliveries()\`.`);
    await this.#start({ ...delivery, status: 0, redelivery: true, delivered_at: new Date().toISOString() });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const delivery of this.#held.splice(0)) void this.#start(delivery);
  }

  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #start(delivery: Delivery): Promise<void> {
    this.#log.push(delivery);
    const sending = this.#post(delivery).finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
    return sending;
  }

  async #post(delivery: Delivery): Promise<void> {
    const body = JSON.stringify(delivery.payload);
    const signature = (hash: string) => createHmac(hash, this.#app.webhookSecret).update(body).digest("hex");
    try {
      const response = await fetch(this.#app.webhookUrl, {
        method: "POST",
        headers: {
          accept: "*/*",
          "content-type": "application/json",
          "user-agent": "GitHub-Hookshot/embedded",
          "x-github-delivery": delivery.id,
          "x-github-event": delivery.event,
          "x-github-hook-id": String(this.#app.id),
          "x-github-hook-installation-target-id": String(this.#app.id),
          "x-github-hook-installation-target-type": "integration",
          "x-hub-signature": `sha1=${signature("sha1")}`,
          "x-hub-signature-256": `sha256=${signature("sha256")}`,
        },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#closing.signal]),
      });
      await response.arrayBuffer();
      delivery.status = response.status;
    } catch {
      // As on GitHub: a delivery that fails is in the log (status 0) and waits for a redelivery.
      delivery.status = 0;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.idle();
  }
}
