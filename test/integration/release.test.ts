import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRelease, releaseEntrance } from '../../scripts/release-bundle.ts';

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'longshore-release-'));
  await buildRelease();
});

afterAll(() => rm(dataDir, { recursive: true }));

test('the compiled server keeps what it was told over a stop, and stops when it is asked to', async () => {
  const first = await startRelease();
  const created = await first.ecs.send(new CreateClusterCommand({ clusterName: 'kept' }));
  expect(created.cluster).toMatchObject({ clusterName: 'kept', status: 'ACTIVE' });
  expect(await first.stop()).toEqual([0, null]);

  const second = await startRelease();
  const again = await second.ecs.send(new CreateClusterCommand({ clusterName: 'kept' }));
  expect(again.cluster?.clusterArn).toBe(created.cluster?.clusterArn);
  const metrics = await fetch(`${second.endpoint}/metrics`);
  expect(await metrics.text()).toContain('longshore_api_requests_total{operation="CreateCluster"');
  expect(await second.stop()).toEqual([0, null]);
});

test('the compiled proxy of Service Connect is one file, which runs anywhere and stops when it is asked to', async () => {
  const folder = join(dataDir, 'proxy');
  await mkdir(folder);
  await copyFile(join(dirname(releaseEntrance), 'connect-proxy.cjs'), join(folder, 'proxy.cjs'));
  const config = { egress: [], ingress: [], logLevel: 'info' };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const proxy = spawn(execPath, [join(folder, 'proxy.cjs'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(proxy, 'exit');
  for await (const line of createInterface(proxy.stdout)) {
    if (!line.endsWith('ready')) continue;
    expect(await readdir(folder)).toContain('healthy');
    proxy.kill('SIGTERM');
  }
  expect(await exited).toEqual([0, null]);
  expect(await readdir(folder)).not.toContain('healthy');
});

async function startRelease() {
  const options = ['--listen', '127.0.0.1:0', '--compute', 'simulated', '--data', dataDir];
  const server = spawn(execPath, [releaseEntrance, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  const endpoint = `http://127.0.0.1:${await portOf(createInterface(server.stdout))}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return {
    endpoint,
    ecs: new ECSClient({ endpoint, region: 'us-east-1', credentials }),
    stop: () => {
      server.kill('SIGTERM');
      return exited;
    },
  };
}

/** The port is a field of the line that says that the server is ready. */
async function portOf(lines: AsyncIterable<string>): Promise<number> {
  for await (const line of lines) {
    const { msg, port }: { msg: string; port: number } = JSON.parse(line);
    if (msg === 'Longshore is ready.') return port;
  }
  throw new Error('The server ended before it was ready.');
}
