import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECS } from '@aws-sdk/client-ecs';
import { test as base } from 'vitest';
import { AwsEndpoints } from '../../src/aws/aws-endpoints.ts';
import type { SimulatedDelays } from '../../src/compute/simulated/pace.ts';
import { SimulatedCompute } from '../../src/compute/simulated/simulated-compute.ts';
import type { ClusterArn } from '../../src/domain/arn.ts';
import type { CredentialsFile } from '../../src/protocol/credentials.ts';
import type { AgentRelease } from '../../src/domain/container-instance/agent-update.ts';
import type { NameResolution } from '../../src/name-resolution.ts';
import { memoryLogs } from '../fixtures/memory-logs.ts';
import { startServer, type AwsCalls, type RunningServer } from '../../src/server.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { systemClock, type Clock } from '../../src/support/clock.ts';
import type { LogFields, Logger } from '../../src/support/logger.ts';
import type { Vault } from '../../src/support/vault.ts';

/** A server in this process, and clients of it. */
export interface TestServer extends RunningServer, AsyncDisposable {
  readonly url: string;
  /** What the server logged as its own failures: a test that ends well leaves none. */
  readonly errors: readonly LoggedError[];
  readonly compute: SimulatedCompute;
  /** A real client of the account, in us-east-1 unless told otherwise. */
  client(accountId: string, region?: string): ECS;
}

export interface LoggedError {
  readonly message: string;
  readonly fields: LogFields;
}

export interface TestServerOptions {
  readonly store?: Store;
  readonly clock?: Clock;
  /** The cluster that the simulated machine is a container instance of. */
  readonly containerInstanceOf?: ClusterArn;
  /** The capacity provider that the simulated machine is of then. */
  readonly capacityProvider?: string;
  /** Without any, every signature is accepted, and callers are the root users of their accounts. */
  readonly credentials?: CredentialsFile;
  /** What stands in for AWS's own services. */
  readonly awsCalls?: AwsCalls;
  readonly awsEndpoints?: AwsEndpoints;
  readonly agentRelease?: AgentRelease;
  readonly serviceConnectEndpoint?: string;
  readonly vault?: Vault;
  /** Resolves the names of private namespaces. */
  readonly names?: NameResolution;
}

/** Long enough to be told apart, short enough to be waited for. */
const simulatedDelays: SimulatedDelays = {
  interface: 10,
  connect: 10,
  pull: 10,
  create: 10,
  start: 10,
  health: 10,
  stop: 10,
  release: 10,
};

/** Starts a server on a free port, with simulated compute and nothing in its state. */
export async function startTestServer({
  store,
  clock = systemClock,
  credentials,
  awsCalls,
  containerInstanceOf,
  capacityProvider,
  awsEndpoints = new AwsEndpoints(),
  agentRelease,
  serviceConnectEndpoint,
  vault,
  names,
}: TestServerOptions = {}): Promise<TestServer> {
  const errors: LoggedError[] = [];
  const log: Logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields, message) => errors.push({ fields, message }),
  };
  const compute = new SimulatedCompute({ clock, delays: simulatedDelays });
  const server = await startServer({
    logs: memoryLogs(clock),
    store: store ?? (await new MemoryDisk().open()),
    compute,
    clock,
    log,
    credentials,
    ...(awsCalls && { awsCalls }),
    awsEndpoints,
    agentRelease,
    serviceConnectEndpoint,
    ...(vault && { vault }),
    ...(names && { names }),
    listen: { host: '127.0.0.1', port: 0 },
    containerInstanceOf,
    capacityProvider,
    onFailure: (error) => log.error({ error }, 'The store failed.'),
  });
  const url = `http://127.0.0.1:${server.address.port}`;
  return {
    ...server,
    url,
    errors,
    compute,
    client: (accountId, region) => clientOf(url, accountId, region),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** A client that does not try again, so that each answer is seen. */
export function clientOf(endpoint: string, accountId: string, region = 'us-east-1'): ECS {
  const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
  return new ECS({ endpoint, region, credentials, maxAttempts: 1 });
}

let accounts = 0;

/** An account that no test has used: each has a world of its own on the one server of its file. */
export function newAccount(): string {
  accounts += 1;
  return String(100_000_000_000 + accounts);
}

/** A folder for one store, and what removes it. */
export async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-contract-'));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

export type Engine = 'memory' | 'sqlite';

/** `test` with a server for the file and, for each test, a client of an account of its own. */
export const test = base
  .extend('engine', { scope: 'file' }, (): Engine => 'memory')
  .extend('store', { scope: 'file' }, async ({ engine }, { onCleanup }) => {
    if (engine === 'memory') return new MemoryDisk().open();
    const { folder, remove } = await newFolder();
    onCleanup(remove);
    return openSqliteStore(folder);
  })
  .extend('server', { scope: 'file' }, async ({ store }, { onCleanup }) => {
    const server = await startTestServer({ store });
    onCleanup(() => server.close());
    return server;
  })
  .extend('accountId', () => newAccount())
  .extend('ecs', ({ server, accountId }, { onCleanup }) => {
    const ecs = server.client(accountId);
    onCleanup(() => ecs.destroy());
    return ecs;
  });
