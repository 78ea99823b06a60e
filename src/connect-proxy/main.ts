/**
 * The proxy of Service Connect: a program that stands beside the containers of a task, in its network namespace. What
 * it does is in a file, which it follows; it needs no server of Longshore's.
 *
 *     node main.js FOLDER [redirected]
 *
 * FOLDER has config.json, `hosts` with lines for /etc/hosts, and `healthy` while the proxy is. `redirected` says that connections to aliases come to
 * `proxyEgressPort` of their addresses.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proxyEgressPort } from '../domain/service-connect/proxy-config.ts';
import { systemClock } from '../support/clock.ts';
import { ConfigFile } from './config-file.ts';
import { addHosts } from './hosts-file.ts';
import { LineWriter } from './line-writer.ts';
import { Proxy } from './proxy.ts';

const [folder = '.', redirected] = process.argv.slice(2);
const healthyPath = join(folder, 'healthy');
const output = new LineWriter(process.stdout);
let level = 'info';

const proxy = new Proxy({
  clock: systemClock,
  random: Math.random,
  egressPort: redirected === 'redirected' ? proxyEgressPort : undefined,
  write: (line) => output.write(line),
  log,
  onHealth: (isHealthy) => {
    if (!isHealthy) return rmSync(healthyPath, { force: true });
    writeFileSync(healthyPath, '');
    log('info', 'ready');
  },
});

const file = new ConfigFile({
  path: join(folder, 'config.json'),
  onConfig: (config) => {
    level = config.logLevel;
    void proxy.apply(config);
  },
  onBroken: (reason) => log('error', `${reason} The one before stays.`),
});

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void stop();
  });
}

// Whoever reads what it says may be gone; its work goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// What a process that was killed has left.
rmSync(healthyPath, { force: true });
addHosts(join(folder, 'hosts'), '/etc/hosts');
void file.follow();

async function stop(): Promise<void> {
  log('info', 'stopping');
  file.close();
  await proxy.stop();
  output.flush();
  process.exit(0);
}

function log(severity: 'info' | 'debug' | 'error', message: string): void {
  if (severity === 'debug' && level !== 'debug') return;
  const line = `[${new Date().toISOString()}] [${severity}] ${message}\n`;
  if (severity === 'error') process.stderr.write(line);
  else output.write(line);
}
