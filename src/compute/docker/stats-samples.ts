import type { StatsBody } from './engine-types.ts';

const mostSamples = 10_000;

/**
 * The Engine gives one sample at a time; what needs two (the figures before, the rates of the network) is made from
 * the sample that was last asked for.
 */
export class StatsSamples {
  readonly #last = new Map<string, StatsBody>();

  /** @param pause the figures of the container that has the network of the task */
  complete(id: string, own: StatsBody, pause: StatsBody | undefined): StatsBody {
    const networks = own.networks ?? pause?.networks;
    const sample = networks ? { ...own, networks } : own;
    const before = this.#last.get(id);
    this.#last.delete(id);
    this.#last.set(id, sample);
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= mostSamples) break;
      this.#last.delete(oldest);
    }
    if (!before) return sample;
    return {
      ...sample,
      preread: before.read,
      precpu_stats: before.cpu_stats,
      ...(networks && { network_rate_stats: ratesOf(before, sample) }),
    };
  }
}

function ratesOf(before: StatsBody, after: StatsBody) {
  const seconds = (Date.parse(after.read) - Date.parse(before.read)) / 1000;
  const rate = (direction: 'rx_bytes' | 'tx_bytes') =>
    seconds > 0 ? (total(after, direction) - total(before, direction)) / seconds : 0;
  return { rx_bytes_per_sec: rate('rx_bytes'), tx_bytes_per_sec: rate('tx_bytes') };
}

function total({ networks = {} }: StatsBody, direction: 'rx_bytes' | 'tx_bytes'): number {
  return Object.values(networks).reduce((sum, network) => sum + network[direction], 0);
}
