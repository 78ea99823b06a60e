import { randomInt } from 'node:crypto';
import { EngineError, type Engine } from '../engine.ts';
import type { PortRange } from '../published-ports.ts';

/** Where ports are chosen from: those that are nobody's by name (RFC 6335). */
const firstPort = 49_152;
const lastPort = 65_535;
/** Linux has its clients' ends of connections below, by default: one of those could be in the way. */
const firstQuietPort = 61_000;

/** The first port of the host for each range of a container's, by the range's key. */
export type ChosenRanges = ReadonlyMap<string, number>;

/**
 * Finds neighbouring ports of the host for ranges of ports: Docker chooses one port at a time only. What has been chosen is
 * the container's until it is removed.
 */
export class HostRanges {
  readonly #engine: Engine;
  readonly #chosen = new Map<string, readonly number[]>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws EngineError where there are not so many free ports side by side */
  async choose(containerName: string, ranges: readonly PortRange[]): Promise<ChosenRanges> {
    if (ranges.length === 0) return new Map();
    const taken = new Set(await this.#engine.publishedPorts());
    for (const ports of this.#chosen.values()) for (const port of ports) taken.add(port);
    const first = new Map<string, number>();
    for (const { key, ports } of ranges) {
      const found = freeBlock(ports.length, taken, randomInt(firstQuietPort, lastPort));
      if (found === undefined) throw unavailable(ports.length);
      first.set(key, found);
      for (const index of ports.keys()) taken.add(found + index);
    }
    const own = ranges.flatMap(({ key, ports }) =>
      ports.map((_, index) => (first.get(key) ?? 0) + index),
    );
    this.#chosen.set(containerName, own);
    return first;
  }

  forget(containerName: string): void {
    this.#chosen.delete(containerName);
  }
}

/** The first of so many free ports side by side, looked for from a port on and then from the beginning. */
export function freeBlock(
  size: number,
  taken: ReadonlySet<number>,
  from: number,
): number | undefined {
  return (
    blockBetween(size, taken, from, lastPort) ?? blockBetween(size, taken, firstPort, lastPort)
  );
}

function blockBetween(
  size: number,
  taken: ReadonlySet<number>,
  from: number,
  to: number,
): number | undefined {
  let free = 0;
  for (let port = from; port <= to; port++) {
    free = taken.has(port) ? 0 : free + 1;
    if (free === size) return port - size + 1;
  }
  return undefined;
}

/** The official agent's words. */
function unavailable(size: number): EngineError {
  return new EngineError(409, `${size} contiguous host ports unavailable`);
}
