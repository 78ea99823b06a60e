import { Child } from '../child.ts';
import type { LoadOrder, LoadResult } from './load.ts';

/** Runs loads, each of which is prepared before it starts. */
export class LoadGenerator {
  readonly #child = new Child('load/load-process.ts');

  prepare(order: LoadOrder): Promise<unknown> {
    return this.#child.ask({ order });
  }

  run(): Promise<LoadResult> {
    return this.#child.ask({});
  }

  end(): Promise<void> {
    return this.#child.end('SIGKILL');
  }
}
