/**
 * The entrance to the server: reads the configuration, opens the engines that it names, and runs
 * until it is told to stop. This file alone names engines.
 */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { AwsEndpoints } from './aws/aws-endpoints.ts';
import { ConfigError } from './config-error.ts';
import { readConfig, type Config } from './config.ts';
import { usage } from './usage.ts';
import type { Resolver } from './dns/resolver.ts';
import { installationId } from './installation.ts';
import { Logs } from './logs/logs.ts';
import { TaskLogs } from './logs/task-logs.ts';
import { parseCredentials, type CredentialsFile } from './protocol/credentials.ts';
import { SqliteLogStore } from './logs/sqlite/sqlite-log-store.ts';
import { ListenError } from './protocol/listen-error.ts';
import { startServer, type ServerParts } from './server.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';
import { systemClock } from './support/clock.ts';
import { createLogger, type Logger } from './support/logger.ts';
import { fileKey, Vault } from './support/vault.ts';

/** A stop that takes longer than this is cut short: nothing is lost by it, it is only less tidy. */
const longestStopMs = 8_000;

/** Loading what writes the log takes as long as answering those who already wait: they come first. */
const readyLineAfterMs = 10;

/** `[server] [options]` is the server; other commands ask one that runs. */
async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'explain') {
    const { runExplain } = await import('./cli/command.ts');
    return runExplain(rest);
  }
  await serve(command === 'server' ? rest : process.argv.slice(2));
}

async function serve(args: readonly string[]): Promise<void> {
  const config = readConfig(args, process.env);
  if (!config) {
    process.stdout.write(usage);
    return;
  }
  const log = createLogger();
  const fail = (error: unknown): void => {
    log.error(
      { error },
      'The store or compute failed. Nothing that was answered is lost; the server stops.',
    );
    process.exit(1);
  };
  const logs = new Logs({
    store: new SqliteLogStore(config.dataDir),
    clock: systemClock,
    log,
    maximumBytes: config.maximumLogBytes,
  });
  const server = await startServer({
    store: await openSqliteStore(config.dataDir),
    logs,
    ...(await openCompute(config, { log, logs })),
    awsEndpoints: new AwsEndpoints(config.awsEndpoints),
    vault: new Vault(fileKey(config.secretsKeyFile)),
    clock: systemClock,
    log,
    credentials:
      config.credentialsFile === undefined ? undefined : readCredentials(config.credentialsFile),
    listen: config.listen,
    containerInstanceOf: config.containerInstanceOf,
    capacityProvider: config.capacityProvider,
    agentRelease: config.agentRelease,
    serviceConnectEndpoint: config.serviceConnectEndpoint,
    historyDays: config.historyDays,
    eventSource: config.eventSource,
    onFailure: fail,
  });
  const { address, port } = server.address;
  const { compute, dataDir: data } = config;
  setTimeout(() => {
    log.info({ address, port, compute, data }, 'Longshore is ready.');
  }, readyLineAfterMs);

  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'Longshore stops; tasks go on running.');
    setTimeout(() => process.exit(0), longestStopMs).unref();
    server.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

type OpenedCompute = Pick<ServerParts, 'compute' | 'taskEndpoint' | 'names'>;

/** Only what is chosen is loaded. */
async function openCompute(
  config: Config,
  { log, logs }: { readonly log: Logger; readonly logs: Logs },
): Promise<OpenedCompute> {
  const resolver = await openResolver(config, log);
  if (config.compute === 'simulated') {
    const { SimulatedCompute } = await import('./compute/simulated/simulated-compute.ts');
    const compute = new SimulatedCompute({ clock: systemClock });
    return { compute, ...(resolver && { names: { resolver, taskAt: () => undefined } }) };
  }
  const { DockerCompute } = await import('./compute/docker/docker-compute.ts');
  const endpoint = config.taskEndpoint && (await openEndpoint(config.taskEndpoint, log));
  const setting = {
    engines: config.engines,
    installationId: installationId(config.dataDir),
    dataDirectory: config.dataDir,
    fewestWarmPauses: config.warmNetworks,
    keepsRawSockets: config.keepsRawSockets,
    serviceConnectImage: config.serviceConnectImage,
    clock: systemClock,
    log,
    fileSystems: config.fileSystems,
    logs: new TaskLogs(logs, { clock: systemClock, log }),
    ...(config.publish !== undefined && { publish: { bindIP: config.publish } }),
    ...(endpoint && { endpoint }),
    ...(resolver && { resolver }),
  };
  const compute = configured(
    `--engine ${config.engines.join(',')}`,
    () => new DockerCompute(setting),
  );
  const { facts } = compute;
  const serve = (receive: RequestListener): void => void (endpoint && (endpoint.receive = receive));
  const taskAt = (address: string) => facts.taskAt(address);
  return {
    compute,
    ...(endpoint && { taskEndpoint: { facts, serve } }),
    ...(resolver && { names: { resolver, taskAt } }),
  };
}

/** Simulated tasks ask nobody: there it is for those who name an address of their own. */
async function openResolver({ dns, compute }: Config, log: Logger): Promise<Resolver | undefined> {
  if (!dns) return undefined;
  const { Resolver: Resolution, usualResolverHost } = await import('./dns/resolver.ts');
  if (compute === 'simulated' && dns.host === usualResolverHost) return undefined;
  return new Resolution({ ...dns, clock: systemClock, log });
}

async function openEndpoint(address: { host: string; port: number }, log: Logger) {
  const { EndpointSocket } = await import('./compute/docker/endpoint-socket.ts');
  return new EndpointSocket({ ...address, log });
}

function readCredentials(file: string): CredentialsFile {
  return configured(`--credentials ${file}`, () => parseCredentials(readFileSync(file, 'utf8')));
}

/** Makes what an option describes; where that cannot be, it is the option's fault. */
function configured<Made>(option: string, make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${option}: ${reason}`, { cause });
  }
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const isOurs =
    error instanceof ConfigError ||
    error instanceof ListenError ||
    (error instanceof Error && ['StoreError', 'VaultError'].includes(error.name));
  process.stderr.write(`longshore: ${isOurs || !(error instanceof Error) ? text : error.stack}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
  process.exit();
});
