import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ContainerResolver } from '../../../src/compute/container-resolver.ts';
import type { DockerCompute } from '../../../src/compute/docker/docker-compute.ts';
import { installationLabel } from '../../../src/compute/docker/names.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld } from './docker-world.ts';

const world = new DockerWorld();
const patience = { timeout: 30_000, interval: 20 };
/** Of the link-local addresses one that no other test has. */
const host = `169.254.${randomInt(16, 160)}.${randomInt(1, 255)}`;
/** Root may give this machine an address, and listen on the port of DNS. */
const mayListen = spawnSync('ip', ['address', 'replace', `${host}/32`, 'dev', 'lo']).status === 0;
const socket: Socket = createSocket('udp4');
const times = { afterMs: 0, forMs: 1_000 };
let compute: DockerCompute;
let asked = 0;

beforeAll(async () => {
  if (mayListen) await once(socket.bind(53, host), 'listening');
});
afterEach(() => compute.close());
afterAll(async () => {
  socket.close();
  if (mayListen) execFileSync('ip', ['address', 'delete', `${host}/32`, 'dev', 'lo']);
  await world.close();
});

/** Stands in for the resolver: it is up to the socket whether there is an answer. */
class GivenResolver implements ContainerResolver {
  readonly host = host;
  bridgeSubnet: string | undefined;
  nameServers: readonly string[] = [host];

  async listen(): Promise<void> {}

  giveUp(): void {
    this.nameServers = [];
  }
}

async function open(): Promise<GivenResolver> {
  const resolver = new GivenResolver();
  compute = world.compute({ resolver, resolverCheck: times, log: silentLog });
  await compute.open([], () => undefined);
  return resolver;
}

/** Whom those network namespaces ask that are ready for tasks. */
async function nameServersOfPauses(): Promise<unknown> {
  const all = await world.engine.listContainers(installationLabel(world.installationId));
  const inspected = all.map(({ Id }) => world.engine.inspectContainer(Id).catch(() => undefined));
  return (await Promise.all(inspected)).flatMap((one) => (one ? [one.HostConfig.Dns ?? []] : []));
}

describe.runIf(mayListen)('a resolver', () => {
  test('that containers reach is kept', async () => {
    socket.on('message', (message, { port, address }) => {
      asked += 1;
      socket.send(message, port, address);
    });
    const resolver = await open();
    await expect.poll(() => asked, patience).toBeGreaterThan(0);
    await expect.poll(nameServersOfPauses, patience).toEqual([[host]]);
    expect(resolver.nameServers).toEqual([host]);
  });

  test('that does not answer them is told to no container', async () => {
    socket.removeAllListeners('message');
    const resolver = await open();
    expect(resolver.nameServers).toEqual([host]);
    await expect.poll(nameServersOfPauses, patience).toEqual([[]]);
    expect(resolver.nameServers).toEqual([]);
  });
});
