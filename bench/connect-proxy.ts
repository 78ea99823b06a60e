import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildRelease } from '../scripts/release-bundle.ts';
import { nodeOptions } from '../src/compute/docker/connect-proxy/proxy-program.ts';
import type { ProxyConfig } from '../src/domain/service-connect/proxy-config.ts';
import { Calibration } from './calibration.ts';
import { ServerChild } from './child.ts';
import { withFolder } from './folder.ts';
import { Connection } from './load/connection.ts';
import { host } from './load/signed-request.ts';
import type { Metric, Row } from './report.ts';
import { median } from './statistics.ts';

const program = fileURLToPath(new URL('../dist/release/connect-proxy.cjs', import.meta.url));
const bodyLength = 1_000;
const request = Buffer.from(`GET /${bodyLength} HTTP/1.1\r\nHost: api\r\n\r\n`);
const loads = [
  { name: '1 connection', connections: 1, requests: 1_000 },
  { name: '32 connections', connections: 32, requests: 8_000 },
];
const pollMs = 5;
const idleMs = 500;

/** What the proxy of Service Connect costs, against what stands behind it being asked directly. */
export async function measureConnectProxy(rounds: number): Promise<Metric> {
  await buildRelease();
  return withFolder(async (folder) => {
    const behind = await ServerChild.start('./echo-process.ts');
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)']);
    const ports = [await freePort(), await freePort()];
    const proxy = await startProxy(folder, configOf(ports, behind.port));
    await delay(idleMs);
    const memory = { ours: mebibytesOf(proxy), floor: mebibytesOf(bare) };
    bare.kill();
    const calibration = new Calibration();
    const protocols = ['HTTP', 'TCP'].map((name, index) => ({ name, port: ports[index] ?? 0 }));
    const contests = loads.flatMap((load) =>
      protocols.map((protocol) => ({ load, protocol, pairs: [] as { ours: Run; floor: Run }[] })),
    );
    for (let round = 0; round < rounds; round += 1) {
      calibration.measure();
      for (const { load, protocol, pairs } of contests) {
        pairs.push({ floor: await run(behind.port, load), ours: await run(protocol.port, load) });
      }
    }
    proxy.kill();
    await Promise.all([once(proxy, 'exit'), behind.end()]);
    const runs = contests.flatMap(({ pairs }) => pairs.flatMap(({ ours, floor }) => [ours, floor]));
    return {
      name: 'Service Connect: requests through one proxy, against asking directly',
      rows: [...contests.flatMap(rowsOf), memoryRow(memory)],
      counts: [
        {
          name: 'wrong answers',
          value: runs.reduce((sum, one) => sum + one.wrong, 0),
          expected: 0,
        },
      ],
      notes: ['The load generator and what is asked share the processors with the proxy.'],
      quietness: calibration.result(),
    };
  });
}

interface Run {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly wrong: number;
}

type Load = (typeof loads)[number];

interface Contest {
  readonly load: Load;
  readonly protocol: { readonly name: string };
  readonly pairs: readonly { readonly ours: Run; readonly floor: Run }[];
}

function rowsOf({ load, protocol, pairs }: Contest): readonly Row[] {
  const common = { floorName: 'directly' };
  const name = `${protocol.name}, ${load.name}`;
  return [
    {
      ...common,
      name: `${name}: requests`,
      unit: '1/s',
      pairs: pairs.map(({ ours, floor }) => ({ ours: ours.perSecond, floor: floor.perSecond })),
    },
    {
      ...common,
      name: `${name}: until the answer`,
      unit: 'ms',
      pairs: pairs.map(({ ours, floor }) => ({ ours: ours.medianMs, floor: floor.medianMs })),
    },
  ];
}

function memoryRow(pair: Row['pairs'][number]): Row {
  return { name: 'memory of an idle proxy', floorName: 'idle Node', unit: 'MiB', pairs: [pair] };
}

/** Each connection asks again when it is answered. */
async function run(port: number, { connections, requests }: Load): Promise<Run> {
  const times: number[] = [];
  let wrong = 0;
  let asked = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, () => {
      return new Promise<void>((resolve, reject) => {
        let askedAt = 0;
        const ask = () => {
          asked += 1;
          askedAt = performance.now();
          connection.send(request);
        };
        const connection = new Connection(
          port,
          ({ status, length }) => {
            times.push(performance.now() - askedAt);
            if (status !== 200 || length !== bodyLength) wrong += 1;
            if (asked < requests) return ask();
            connection.close();
            resolve();
          },
          () => reject(new Error('The benchmark lost a connection.')),
        );
        ask();
      });
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: times.length / seconds, medianMs: median(times), wrong };
}

function configOf(ports: readonly number[], behind: number): ProxyConfig {
  const endpoints = [{ id: 'a', address: host, port: behind }];
  const protocols = ['http', 'tcp'] as const;
  return {
    egress: protocols.map((protocol, index) => ({
      address: host,
      port: ports[index] ?? 0,
      protocol,
      idleTimeoutSeconds: 300,
      ...(protocol === 'http' ? { perRequestTimeoutSeconds: 15 } : {}),
      endpoints,
    })),
    ingress: [],
    logLevel: 'info',
  };
}

async function startProxy(folder: string, config: ProxyConfig): Promise<ChildProcess> {
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const proxy = spawn(process.execPath, [...nodeOptions, program, folder], { stdio: [...stdio] });
  while (!existsSync(join(folder, 'healthy'))) await delay(pollMs);
  return proxy;
}

function mebibytesOf({ pid }: ChildProcess): number {
  const [, kibibytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
