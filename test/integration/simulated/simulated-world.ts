import { OutputLog } from '../../../src/compute/simulated/output-log.ts';
import { SimulatedCompute } from '../../../src/compute/simulated/simulated-compute.ts';
import { ManualClock } from '../../../src/support/clock.ts';
import type { Compute } from '../../../src/compute/compute.ts';
import { aScriptedContainer } from '../../fixtures/simulated.ts';
import type { ContainerLife, World } from '../compute-suite.ts';
import type { GivenContainer } from '../../fixtures/an-order.ts';

/** Simulated compute in a time that runs as fast as the event loop turns. */
export class SimulatedWorld implements World {
  readonly name = 'Simulated compute';
  readonly #clock = new ManualClock(Date.now());
  #output = new OutputLog();
  #turn = setImmediate(() => this.#passTime());

  compute(): Compute {
    return new SimulatedCompute({ clock: this.#clock, output: this.#output });
  }

  container({ line, exits, onStop }: ContainerLife): GivenContainer {
    return this.#scripted('simulated/run', {
      ...(line !== undefined && { output: line }),
      ...(exits && {
        'exit-after': `${exits.afterMilliseconds}ms`,
        'exit-code': String(exits.code),
      }),
      ...(onStop === 'ignored' && { 'ignore-sigterm': 'true' }),
      ...(typeof onStop === 'object' && { 'stop-exit-code': String(onStop.exitCode) }),
    });
  }

  containerOfMissingImage(): GivenContainer {
    return this.#scripted('simulated/missing', {});
  }

  leaving(code: number): GivenContainer {
    return this.container({ exits: { code, afterMilliseconds: 300 } });
  }

  /** Time passes, whoever looks. */
  async leave(): Promise<void> {}

  async cleanUp(): Promise<void> {
    this.#output = new OutputLog();
  }

  close(): void {
    clearImmediate(this.#turn);
  }

  #scripted(image: string, script: Readonly<Record<string, string>>): GivenContainer {
    return aScriptedContainer({ name: 'main', image, script });
  }

  #passTime(): void {
    this.#clock.advance(10);
    this.#turn = setImmediate(() => this.#passTime());
  }
}
