import { isIP } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.ts';
import type { ClusterArn } from './domain/arn.ts';
import { parseCapacityProvider, parseContainerInstance } from './machine-config.ts';
import type { AgentRelease } from './domain/container-instance/agent-update.ts';
import type { FileSystem, FileSystems } from './compute/file-systems.ts';
import { awsServices, type AwsService } from './aws/aws-endpoints.ts';
import { defaultHistoryDays } from './controllers/retention.ts';
import { usage } from './usage.ts';

/** The Engine where nothing is said of one. */
export const localEngine = 'unix:///var/run/docker.sock';

/** What the server is told from outside, checked. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute path of the folder that holds the database and the output of stopped containers. */
  readonly dataDir: string;
  readonly compute: 'docker' | 'simulated';
  /** URLs of Docker Engines. */
  readonly engines: readonly string[];
  readonly credentialsFile: string | undefined;
  /** The key that encrypts the values of parameters and secrets. */
  readonly secretsKeyFile: string;
  /** The address on which the ports of tasks are published, where they cannot be reached by address. */
  readonly publish: string | undefined;
  /** How many network namespaces are kept ready for tasks at least. */
  readonly warmNetworks: number;
  /** Whether containers have NET_RAW by default, as on ECS. */
  readonly keepsRawSockets: boolean;
  /** The cluster whose container instance this machine is to be. */
  readonly containerInstanceOf: ClusterArn | undefined;
  /** The capacity provider that it is of then. */
  readonly capacityProvider: string | undefined;
  /** Where containers reach what ECS tells a task; undefined where they are to find nothing. */
  readonly taskEndpoint: { readonly host: string; readonly port: number } | undefined;
  /** Where containers resolve names of private namespaces; undefined where they cannot. */
  readonly dns: { readonly host: string; readonly port: number } | undefined;
  /** What stands in for file systems of AWS. */
  readonly fileSystems: FileSystems;
  /** The size of all container logs together beyond which the oldest go. */
  readonly maximumLogBytes: number;
  /** Where services of AWS are that the server itself calls. */
  readonly awsEndpoints: ReadonlyMap<AwsService, string>;
  /** What UpdateContainerAgent updates agents to. */
  readonly agentRelease: AgentRelease | undefined;
  /** What the proxies of Service Connect on official agents are controlled by. */
  readonly serviceConnectEndpoint: string | undefined;
  /** What the proxies of Service Connect on our own Engine are made of; undefined for this server's own Node. */
  readonly serviceConnectImage: string | undefined;
  /** What events name as their source where they are sent to EventBridge. */
  readonly eventSource: string;
  /** For how long events and the lives of stopped tasks are kept. */
  readonly historyDays: number;
}

const options = {
  listen: { type: 'string' },
  data: { type: 'string' },
  database: { type: 'string' },
  compute: { type: 'string' },
  engine: { type: 'string', multiple: true },
  credentials: { type: 'string' },
  'secrets-key': { type: 'string' },
  publish: { type: 'string' },
  'warm-networks': { type: 'string' },
  'net-raw': { type: 'string' },
  'container-instance': { type: 'string' },
  'capacity-provider': { type: 'string' },
  'task-endpoint': { type: 'string' },
  dns: { type: 'string' },
  'aws-endpoint': { type: 'string', multiple: true },
  'file-system': { type: 'string', multiple: true },
  'agent-release': { type: 'string' },
  'service-connect-endpoint': { type: 'string' },
  'service-connect-image': { type: 'string' },
  'event-source': { type: 'string' },
  history: { type: 'string' },
  'max-log-bytes': { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** What an option is called in the environment. */
const variables = {
  listen: 'LONGSHORE_LISTEN',
  data: 'LONGSHORE_DATA',
  database: 'LONGSHORE_DATABASE',
  compute: 'LONGSHORE_COMPUTE',
  credentials: 'LONGSHORE_CREDENTIALS',
  'secrets-key': 'LONGSHORE_SECRETS_KEY',
  publish: 'LONGSHORE_PUBLISH',
  'warm-networks': 'LONGSHORE_WARM_NETWORKS',
  'net-raw': 'LONGSHORE_NET_RAW',
  'container-instance': 'LONGSHORE_CONTAINER_INSTANCE',
  'capacity-provider': 'LONGSHORE_CAPACITY_PROVIDER',
  'task-endpoint': 'LONGSHORE_TASK_ENDPOINT',
  dns: 'LONGSHORE_DNS',
  'agent-release': 'LONGSHORE_AGENT_RELEASE',
  'service-connect-endpoint': 'LONGSHORE_SERVICE_CONNECT_ENDPOINT',
  'service-connect-image': 'LONGSHORE_SERVICE_CONNECT_IMAGE',
  'event-source': 'LONGSHORE_EVENT_SOURCE',
  history: 'LONGSHORE_HISTORY',
  'max-log-bytes': 'LONGSHORE_MAX_LOG_BYTES',
} as const;

/** The same, of options that may be given more than once; there it is a list with commas. */
const listVariables = {
  'aws-endpoint': 'LONGSHORE_AWS_ENDPOINTS',
  'file-system': 'LONGSHORE_FILE_SYSTEMS',
} as const;

const defaults = {
  listen: '127.0.0.1:4510',
  data: '.longshore',
  compute: 'docker',
  'warm-networks': '4',
  'net-raw': 'off',
  'task-endpoint': '169.254.170.2:80',
  dns: '169.254.169.253:53',
  'event-source': 'aws.ecs',
  history: String(defaultHistoryDays),
  'max-log-bytes': '20g',
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
  const settled = (option: keyof typeof defaults): string => given(option) ?? defaults[option];
  const listed = (option: keyof typeof listVariables): readonly string[] =>
    values[option] ?? listOf(env[listVariables[option]]);
  refuseDatabase(given('database'));
  const dataDir = resolve(settled('data'));
  const config: Config = {
    listen: parseAddress('--listen', settled('listen')),
    dataDir,
    compute: parseCompute(settled('compute')),
    engines: values.engine ?? enginesOf(env),
    credentialsFile: given('credentials'),
    secretsKeyFile: resolve(given('secrets-key') ?? join(dataDir, 'secrets.key')),
    publish: parsePublish(given('publish')),
    warmNetworks: parseWarmNetworks(settled('warm-networks')),
    keepsRawSockets: parseSwitch('--net-raw', settled('net-raw')),
    containerInstanceOf: parseContainerInstance(given('container-instance')),
    capacityProvider: parseCapacityProvider(
      given('capacity-provider'),
      given('container-instance'),
    ),
    taskEndpoint: parseTaskEndpoint(settled('task-endpoint')),
    dns: parseDns(settled('dns')),
    agentRelease: parseAgentRelease(given('agent-release')),
    serviceConnectEndpoint: parseConnectEndpoint(given('service-connect-endpoint')),
    serviceConnectImage: given('service-connect-image'),
    maximumLogBytes: parseSize(settled('max-log-bytes')),
    awsEndpoints: new Map(listed('aws-endpoint').map(parseAwsEndpoint)),
    fileSystems: new Map(listed('file-system').map(parseFileSystem)),
    eventSource: parseEventSource(settled('event-source')),
    historyDays: parseDays(settled('history')),
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
  return urls.length > 0 ? urls : [localEngine];
}

function listOf(text = ''): readonly string[] {
  return text.split(',').filter((part) => part !== '');
}

function parseTaskEndpoint(text: string): Config['taskEndpoint'] {
  return text === 'off' ? undefined : parseAddress('--task-endpoint', text);
}

/** Clouds tell machines who they are here; who takes it is cut off from that. */
const cloudMetadataHost = '169.254.169.254';

/** An answer has to come from the address that was asked, so that it is one. */
function parseDns(text: string): Config['dns'] {
  if (text === 'off') return undefined;
  const address = parseAddress('--dns', text);
  if (isIP(address.host) && !['0.0.0.0', '::', cloudMetadataHost].includes(address.host)) {
    return address;
  }
  throw new ConfigError(
    `--dns takes one IP address of this machine and a port, such as 169.254.169.253:53, but was ${text}`,
  );
}

function parseAddress(option: string, text: string): Config['listen'] {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) {
    throw new ConfigError(`${option} takes HOST:PORT, such as 127.0.0.1:4510, but was ${text}`);
  }
  return { host, port };
}

function parseCompute(text: string): Config['compute'] {
  if (text === 'docker' || text === 'simulated') return text;
  throw new ConfigError(`--compute takes docker or simulated, but was ${text}`);
}

const sizeUnits = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

function parseSize(text: string): number {
  const [, digits, unit] = /^(\d{1,12})([kmgt]?)$/i.exec(text) ?? [];
  const factor = Object.entries(sizeUnits).find(([name]) => name === unit?.toLowerCase())?.[1];
  if (digits !== undefined && factor !== undefined) return Number(digits) * factor;
  throw new ConfigError(`--max-log-bytes takes a size, such as 500m or 20g, but was ${text}`);
}

function parsePublish(text: string | undefined): string | undefined {
  if (text === undefined || isIP(text)) return text;
  throw new ConfigError(`--publish takes an IP address, such as 127.0.0.1, but was ${text}`);
}

function parseSwitch(option: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new ConfigError(`${option} takes on or off, but was ${text}`);
}

/** A bridge takes about 1,000, those of tasks included. */
const mostWarmNetworks = 500;

function parseWarmNetworks(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= mostWarmNetworks) return Number(text);
  throw new ConfigError(`--warm-networks takes a number from 0 to 500, but was ${text}`);
}

function parseEventSource(text: string): string {
  if (/^[A-Za-z0-9._/-]{1,256}$/.test(text)) return text;
  throw new ConfigError(`--event-source takes a name, such as longshore.ecs, but was ${text}`);
}

function parseDays(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new ConfigError(`--history takes a number of days, from 1 to 9999, but was ${text}`);
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

/** The path of an export becomes an option of the kernel's mount: the host must be nothing but one. */
function parseFileSystem(text: string): [string, FileSystem] {
  const [, id, place] = /^([A-Za-z0-9-]+)=(.+)$/.exec(text) ?? [];
  if (id !== undefined && place !== undefined) {
    if (isAbsolute(place)) return [id, { kind: 'Folder', path: place }];
    const [, host, path] = /^nfs:\/\/([A-Za-z0-9.-]+)(\/.*)$/.exec(place) ?? [];
    if (host !== undefined && path !== undefined) return [id, { kind: 'Nfs', host, path }];
  }
  throw new ConfigError(
    '--file-system takes ID=PLACE, such as fs-12345678=/srv/files or ' +
      `fs-12345678=nfs://10.0.0.2/export, but was ${text}`,
  );
}

function parseAgentRelease(text: string | undefined): AgentRelease | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+\.\d+\.\d+),(https?:\/\/.+),([0-9a-f]{64})$/.exec(text);
  const [, version, location, sha256] = match ?? [];
  if (version === undefined || location === undefined || sha256 === undefined) {
    throw new ConfigError(
      '--agent-release takes a version, a URL and 64 hexadecimal digits with commas in between, such as ' +
        `1.106.0,https://example.com/ecs-agent.tar,0123..., but was ${text}`,
    );
  }
  return { version, location, sha256 };
}

function parseConnectEndpoint(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol) && url.username === '') return text;
  throw new ConfigError(
    `--service-connect-endpoint takes a URL, such as https://10.0.0.5:18000, but was ${text}`,
  );
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
