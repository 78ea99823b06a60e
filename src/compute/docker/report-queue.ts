import type { TaskReport } from '../../domain/task/report.ts';

type Deliver = (reports: readonly TaskReport[]) => void;

/** Passes the reports of a task on in their order, also where one has yet to be completed. */
export class ReportQueue {
  readonly #deliver: Deliver;
  #waiting = 0;
  #tail = Promise.resolve();

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  add(reports: readonly TaskReport[]): void {
    if (this.#waiting === 0) this.#deliver(reports);
    else this.addLater(Promise.resolve(reports));
  }

  /** Resolves when all that has been added so far has been passed on. */
  async delivered(): Promise<void> {
    await this.#tail;
  }

  /** What comes after it waits for it. Where it fails, there is nothing to report. */
  addLater(pending: Promise<readonly TaskReport[]>): void {
    this.#waiting++;
    const guarded = pending.catch((): readonly TaskReport[] => []);
    this.#tail = this.#tail.then(async () => {
      const reports = await guarded;
      this.#waiting--;
      if (reports.length > 0) this.#deliver(reports);
    });
  }
}
