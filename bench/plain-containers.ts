import type { Engine } from '../src/compute/docker/engine.ts';
import { Gate } from '../src/support/gate.ts';

export interface PlainSetting {
  readonly image: string;
  readonly command: readonly string[];
  /** How many calls of the Engine are under way at a time. */
  readonly parallel: number;
}

const stopTimeoutSeconds = 10;

/** The peer of a service: bridge containers that the Engine is asked for directly. */
export class PlainContainers {
  readonly #engine: Engine;
  readonly #setting: PlainSetting;
  readonly #gate: Gate;
  #ids: string[] = [];
  #made = 0;

  constructor(engine: Engine, setting: PlainSetting) {
    this.#engine = engine;
    this.#setting = setting;
    this.#gate = new Gate(setting.parallel);
  }

  /** Creates and starts so many, and tells how many milliseconds it took. */
  async start(count: number): Promise<number> {
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: count }, () => this.#gate.run(() => this.#startOne())));
    return performance.now() - startedAt;
  }

  /** Starts as many new ones, then stops and removes the old: none is missing meanwhile. */
  async replace(): Promise<number> {
    const startedAt = performance.now();
    const old = this.#ids;
    this.#ids = [];
    await this.start(old.length).catch((error: unknown) => {
      this.#ids.push(...old);
      throw error;
    });
    const end = async (id: string): Promise<void> => {
      await this.#engine.stopContainer(id, stopTimeoutSeconds);
      await this.#engine.removeContainer(id);
    };
    await Promise.all(old.map((id) => this.#gate.run(() => end(id))));
    return performance.now() - startedAt;
  }

  async remove(): Promise<void> {
    const ids = this.#ids;
    this.#ids = [];
    await Promise.all(ids.map((id) => this.#gate.run(() => this.#engine.removeContainer(id))));
  }

  async #startOne(): Promise<void> {
    const { image, command } = this.#setting;
    const name = `longshore-bench-${process.pid}-${this.#made++}-${Date.now()}`;
    const id = await this.#engine.createContainer(name, {
      Image: image,
      Cmd: [...command],
      Labels: {},
      HostConfig: { NetworkMode: 'bridge', LogConfig: { Type: 'json-file', Config: {} } },
    });
    this.#ids.push(id);
    await this.#engine.startContainer(id);
  }
}
