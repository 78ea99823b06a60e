import { readFile } from 'node:fs/promises';
import { isIP, isIPv4 } from 'node:net';
import type { Clock } from '../support/clock.ts';

/** A name server that questions are passed on to. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export interface ResolverFiles {
  /** What the programs of this machine go by. */
  readonly resolvConf: string;
  /** What systemd-resolved itself asks, where the former names nothing but it. */
  readonly systemd: string;
}

const usualFiles: ResolverFiles = {
  resolvConf: '/etc/resolv.conf',
  systemd: '/run/systemd/resolve/resolv.conf',
};
const domainPort = 53;
/** resolv.conf(5): no more are heard. */
const mostNameServers = 3;
/** A machine that joins another network has other resolvers from then on. */
const readAgainAfterMs = 1_000;

/** The name servers that a resolv.conf names. */
export function parseResolvConf(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .filter((address) => isIP(address) !== 0)
    .slice(0, mostNameServers);
}

/** The resolvers of this machine, as its resolv.conf has them at the moment. */
export class HostResolvers {
  readonly #clock: Clock;
  readonly #own: string;
  readonly #files: ResolverFiles;
  #upstreams: Promise<readonly Upstream[]> | undefined;
  #readAt = -Infinity;

  /** @param own the address of the resolver that asks, which is not to ask itself */
  constructor(clock: Clock, own: string, files = usualFiles) {
    this.#clock = clock;
    this.#own = own;
    this.#files = files;
  }

  /** Whom to ask, best first. */
  upstreams(): Promise<readonly Upstream[]> {
    const now = this.#clock.now();
    if (!this.#upstreams || now - this.#readAt >= readAgainAfterMs) {
      this.#readAt = now;
      this.#upstreams = this.#namedOf(() => true).then((hosts) =>
        hosts.map((host) => ({ host, port: domainPort })),
      );
    }
    return this.#upstreams;
  }

  /** Those that containers reach as well: loopback is their own there, and they have no IPv6. */
  forContainers(): Promise<readonly string[]> {
    return this.#namedOf((host) => isIPv4(host) && !host.startsWith('127.'));
  }

  /** Whether programs of this machine ask the address. */
  async includes(address: string): Promise<boolean> {
    const both = Object.values(this.#files).map(readNameServers);
    return (await Promise.all(both)).some((hosts) => hosts.includes(address));
  }

  /** Where resolv.conf has nobody, those that systemd-resolved asks. */
  async #namedOf(isOfUse: (host: string) => boolean): Promise<readonly string[]> {
    const read = async (file: string) =>
      (await readNameServers(file)).filter((host) => host !== this.#own && isOfUse(host));
    const named = await read(this.#files.resolvConf);
    return named.length > 0 ? named : read(this.#files.systemd);
  }
}

/** A machine without the file has none. */
async function readNameServers(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return parseResolvConf(text);
}
