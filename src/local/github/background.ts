// Work that an answer does not wait for, but `idle` and a clean stop do.

export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  #tail: Promise<void> = Promise.resolve();

  /** Starts `work` when what was started before it is done, so that events keep their order. */
  start(work: () => Promise<void>): void {
    const running = this.#tail.then(work).catch((error: unknown) => {
      this.#failures.push(error);
    });
    this.#tail = running;
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Resolves when nothing is running; throws what went wrong since the last time. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    const failures = this.#failures.splice(0);
    if (failures.length > 0) throw new AggregateError(failures, "Telling the App of an event failed.");
  }
}
