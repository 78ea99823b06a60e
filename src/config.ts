import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isArn, parseArn, partitionOf, type ClusterArn } from './domain/arn.ts';
import { parseClusterRef } from './domain/cluster/cluster-ref.ts';
import { defaultAccountId, defaultRegion } from './protocol/caller.ts';
import { awsServices, type AwsService } from './aws/aws-endpoints.ts';

/** What the server is told from outside, checked. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute path of the folder that holds the database and the output of stopped containers. */
  readonly dataDir: string;
  readonly compute: 'docker' | 'simulated';
  /** URLs of Docker Engines. */
  readonly engines: readonly string[];
  readonly credentialsFile: string | undefined;
  /** The address on which the ports of tasks are published, where they cannot be reached by address. */
  readonly publish: string | undefined;
  /** The cluster whose container instance this machine is to be. */
  readonly containerInstanceOf: ClusterArn | undefined;
  /** Where services of AWS are that the server itself calls. */
  readonly awsEndpoints: ReadonlyMap<AwsService, string>;
}

/** The command line or the environment says something that cannot be; the message tells what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export const usage = `Usage: npm start -- [options]

  --listen HOST:PORT           where to listen, 127.0.0.1:4510 by default        LONGSHORE_LISTEN
  --data DIR                   database and container output, default .longshore LONGSHORE_DATA
  --database URL               SQLite in the data folder by default              LONGSHORE_DATABASE
  --compute docker|simulated   where tasks run, default docker                   LONGSHORE_COMPUTE
  --engine URL                 Docker Engine, default DOCKER_HOST or the local   LONGSHORE_ENGINES
                               socket; repeatable, or a list with commas
  --credentials FILE           access keys that may call; needed to listen       LONGSHORE_CREDENTIALS
                               beyond loopback
  --publish ADDRESS            publish the ports of tasks on this address, for   LONGSHORE_PUBLISH
                               machines that cannot reach containers (Docker Desktop)
  --container-instance CLUSTER let this machine run EC2 tasks, as a container    LONGSHORE_CONTAINER_INSTANCE
                               instance of the cluster with this name or ARN
  --aws-endpoint SERVICE=URL   where to call a service of AWS: cloudwatch,       LONGSHORE_AWS_ENDPOINTS
                               eventbridge, lambda, s3, secretsmanager, ssm, sts;
                               repeatable, or a list with commas
  --help                       show this
`;

const options = {
  listen: { type: 'string' },
  data: { type: 'string' },
  database: { type: 'string' },
  compute: { type: 'string' },
  engine: { type: 'string', multiple: true },
  credentials: { type: 'string' },
  publish: { type: 'string' },
  'container-instance': { type: 'string' },
  'aws-endpoint': { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const;

/** What an option is called in the environment. */
const variables = {
  listen: 'LONGSHORE_LISTEN',
  data: 'LONGSHORE_DATA',
  database: 'LONGSHORE_DATABASE',
  compute: 'LONGSHORE_COMPUTE',
  credentials: 'LONGSHORE_CREDENTIALS',
  publish: 'LONGSHORE_PUBLISH',
  'container-instance': 'LONGSHORE_CONTAINER_INSTANCE',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line, then the environment, then the defaults.
 * @returns undefined where only help was asked for
 * @throws ConfigError
 */
export function readConfig(args: readonly string[], env: Environment): Config | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const given = (option: keyof typeof variables): string | undefined =>
    (values[option] ?? env[variables[option]]) || undefined;
  refuseDatabase(given('database'));
  const config: Config = {
    listen: parseListen(given('listen') ?? '127.0.0.1:4510'),
    dataDir: resolve(given('data') ?? '.longshore'),
    compute: parseCompute(given('compute') ?? 'docker'),
    engines: values.engine ?? enginesOf(env),
    credentialsFile: given('credentials'),
    publish: parsePublish(given('publish')),
    containerInstanceOf: parseContainerInstance(given('container-instance')),
    awsEndpoints: parseAwsEndpoints(
      values['aws-endpoint'] ?? listOf(env['LONGSHORE_AWS_ENDPOINTS']),
    ),
  };
  refuseOpenListener(config);
  return Object.freeze(config);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${reason}\n\n${usage}`, { cause });
  }
}

function enginesOf(env: Environment): readonly string[] {
  const urls = listOf(env['LONGSHORE_ENGINES'] ?? env['DOCKER_HOST']);
  return urls.length > 0 ? urls : ['unix:///var/run/docker.sock'];
}

function listOf(text = ''): readonly string[] {
  return text.split(',').filter((part) => part !== '');
}

function parseListen(text: string): Config['listen'] {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new ConfigError(`--listen takes HOST:PORT, such as 127.0.0.1:4510, but was ${text}`);
  }
  return { host, port };
}

function parseCompute(text: string): Config['compute'] {
  if (text === 'docker' || text === 'simulated') return text;
  throw new ConfigError(`--compute takes docker or simulated, but was ${text}`);
}

function parsePublish(text: string | undefined): string | undefined {
  if (text === undefined || isIP(text)) return text;
  throw new ConfigError(`--publish takes an IP address, such as 127.0.0.1, but was ${text}`);
}

function parseAwsEndpoints(given: readonly string[]): Config['awsEndpoints'] {
  return new Map(given.map(parseAwsEndpoint));
}

function parseAwsEndpoint(text: string): [AwsService, string] {
  const [name, ...rest] = text.split('=');
  const service = awsServices.find((known) => known === name);
  const url = URL.parse(rest.join('='));
  if (!service || !url || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new ConfigError(
      `--aws-endpoint takes SERVICE=URL, such as ssm=http://127.0.0.1:4566, ` +
        `for one of ${awsServices.join(', ')}, but was ${text}`,
    );
  }
  return [service, url.href];
}

/** A name is that of a cluster in the account and region of callers who say neither. */
function parseContainerInstance(text: string | undefined): ClusterArn | undefined {
  if (text === undefined) return undefined;
  const byDefault = {
    partition: partitionOf(defaultRegion),
    region: defaultRegion,
    accountId: defaultAccountId,
  };
  try {
    return parseClusterRef(isArn(text) ? parseArn(text).scope : byDefault, text);
  } catch (cause) {
    throw new ConfigError(
      `--container-instance takes the name or the ARN of a cluster, but was ${text}`,
      { cause },
    );
  }
}

function refuseDatabase(url: string | undefined): void {
  if (url === undefined) return;
  throw new ConfigError(
    '--database: this release keeps its state in SQLite only; leave the option out. PostgreSQL is planned.',
  );
}

function refuseOpenListener({ listen, credentialsFile }: Config): void {
  if (credentialsFile !== undefined || isLoopback(listen.host)) return;
  throw new ConfigError(
    `Listening on ${listen.host} would let anyone in: without --credentials every signature is accepted, ` +
      'which is allowed on loopback only. Give --credentials FILE, or listen on 127.0.0.1.',
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
