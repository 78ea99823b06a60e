import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, ProxySite } from '../../test/fixtures/proxy-route.ts';
import type {
  ProxyConfig,
  ProxyEgress,
  ProxyEndpoint,
} from '../domain/service-connect/proxy-config.ts';
import { Proxy } from './proxy.ts';

let site: ProxySite;
beforeEach(() => {
  site = new ProxySite();
});
afterEach(() => site.close());

/** An alias at the address where tests ask, at a port that is free. */
async function anAlias(endpoints: readonly ProxyEndpoint[]): Promise<ProxyEgress> {
  const { port } = await placeholder();
  return {
    address: '127.255.0.1',
    port,
    protocol: 'http',
    idleTimeoutSeconds: 300,
    perRequestTimeoutSeconds: 15,
    endpoints,
  };
}

async function placeholder(): Promise<{ readonly port: number }> {
  const taken = await occupy(0);
  const port = portOf(taken);
  taken.close();
  await once(taken, 'close');
  return { port };
}

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.255.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function aConfig(given: Partial<ProxyConfig>): ProxyConfig {
  return { egress: [], ingress: [], logLevel: 'info', ...given };
}

function aProxy(egressPort?: number) {
  const lines: string[] = [];
  const health: boolean[] = [];
  const errors: string[] = [];
  const proxy = new Proxy({
    clock: site.clock,
    random: () => 0,
    egressPort,
    write: (line) => lines.push(line),
    log: (level, message) => level === 'error' && errors.push(message),
    onHealth: (isHealthy) => health.push(isHealthy),
  });
  return { proxy, lines, health, errors };
}

test('a proxy is healthy when it listens, and not when it stops', async () => {
  const { proxy, health } = aProxy();
  const endpoint = await site.answering('a', (_, answer) => void answer.end('a'));
  const alias = await anAlias([endpoint]);
  await proxy.apply(aConfig({ egress: [alias] }));
  expect(health).toEqual([true]);
  expect(await ask(alias.port)).toMatchObject({ body: 'a' });
  await proxy.stop();
  expect(health).toEqual([true, false]);
  await expect(ask(alias.port)).rejects.toThrow('ECONNREFUSED');
});

test('where connections to aliases are redirected, their own ports are left to the application', async () => {
  const { port: egressPort } = await placeholder();
  const { proxy } = aProxy(egressPort);
  const endpoint = await site.answering('a', (_, answer) => void answer.end('a'));
  const alias = await anAlias([endpoint]);
  await proxy.apply(aConfig({ egress: [alias] }));
  const application = await occupy(alias.port);
  expect(await ask(egressPort)).toMatchObject({ body: 'a' });
  application.close();
  await proxy.stop();
});

test('what comes in at the port of ingress goes to the container', async () => {
  const { proxy } = aProxy();
  const { port: targetPort } = await site.answering('a', (_, answer) => void answer.end('in'));
  const { port } = await placeholder();
  const ingress = { port, targetPort, protocol: 'http', idleTimeoutSeconds: 300 } as const;
  await proxy.apply(aConfig({ ingress: [ingress] }));
  expect(await ask(port)).toMatchObject({ body: 'in' });
  await proxy.stop();
});

test('access logs are written as the configuration says, from then on', async () => {
  const { proxy, lines } = aProxy();
  const egress = [await anAlias([])];
  const [{ port } = { port: 0 }] = egress;
  await proxy.apply(aConfig({ egress }));
  await ask(port);
  const accessLog = { format: 'JSON', includeQueryParameters: true } as const;
  await proxy.apply(aConfig({ egress, accessLog }));
  await ask(port, { path: '/logged?q' });
  await proxy.stop();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { path: '/logged?q', response_code: 503, response_flags: 'UH' },
  ]);
});

test('a place that is taken is tried again, and until then the proxy is not healthy', async () => {
  const { proxy, health, errors } = aProxy();
  const alias = await anAlias([]);
  const taken = await occupy(alias.port);
  await proxy.apply(aConfig({ egress: [alias] }));
  expect(health).toEqual([]);
  expect(errors).toHaveLength(1);
  taken.close();
  await once(taken, 'close');
  site.clock.advance(1_000);
  // Waits for what the clock has set off.
  await proxy.apply(aConfig({ egress: [alias] }));
  expect(health).toEqual([true]);
  await proxy.stop();
});

test('an alias that has gone is not listened on any more, and one that is new is', async () => {
  const { proxy } = aProxy();
  const [former, next] = [await anAlias([]), await anAlias([])];
  await proxy.apply(aConfig({ egress: [former] }));
  await proxy.apply(aConfig({ egress: [next] }));
  await expect(ask(former.port)).rejects.toThrow('ECONNREFUSED');
  expect(await ask(next.port)).toMatchObject({ status: 503 });
  await proxy.apply(aConfig({ egress: [{ ...next, protocol: 'tcp' }] }));
  await expect(ask(next.port)).rejects.toThrow('ECONNRESET');
  await proxy.stop();
});

test('a stop waits for requests, and no longer than it may', async () => {
  const { proxy } = aProxy();
  let asked = () => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const alias = await anAlias([await site.answering('a', () => asked())]);
  await proxy.apply(aConfig({ egress: [{ ...alias, perRequestTimeoutSeconds: 0 }] }));
  const asking = ask(alias.port).catch((error: Error) => error.message);
  await reached;
  const stopped = proxy.stop();
  let isStopped = false;
  void stopped.then(() => (isStopped = true));
  await site.clock.advanceSettling(19_999, () => new Promise((resolve) => setImmediate(resolve)));
  expect(isStopped).toBe(false);
  site.clock.advance(1);
  expect(await asking).toBe('socket hang up');
  await stopped;
});
