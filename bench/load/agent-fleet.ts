import { WebSocket } from 'ws';
import { Connection, type HttpAnswer } from './connection.ts';
import { host, region, unsignedRequest, type Key } from './signed-request.ts';

export interface FleetOrder {
  readonly port: number;
  readonly agents: number;
  readonly key: Key;
  /** Whether it is Longshore that they join, or a bare server that knows nothing of agents. */
  readonly joins: boolean;
}

const cluster = 'fleet';
/** Calls under way at one time, of all agents together. */
const callers = 64;
/** Handshakes under way at one time: more than this many overflow the server's queue of connections. */
const dialers = 64;

/** What an agent of an EC2 instance can do, by the names that it registers. */
const capabilities = [
  'privileged-container',
  'logging-driver.json-file',
  'logging-driver.none',
  'logging-driver.awslogs',
  'task-iam-role',
  'task-iam-role-network-host',
  'ecr-auth',
  ...[17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 32].map((n) => `docker-remote-api.1.${n}`),
].map((name) => ({ name: `com.amazonaws.ecs.capability.${name}` }));
const features = [
  'private-registry-authentication.secretsmanager',
  'secrets.ssm.environment-variables',
  'secrets.ssm.bootstrap.log-driver',
  'secrets.asm.environment-variables',
  'secrets.asm.bootstrap.log-driver',
  'ecr-endpoint',
  'container-ordering',
  'full-sync',
  'env-files.s3',
  'network.container-port-range',
  'container-restart-policy',
  'task-cpu-mem-limit',
  'increased-task-cpu-limit',
  'execution-role-ecr-pull',
  'container-health-check',
  'docker-plugin.local',
  'firelens.fluentd',
  'firelens.fluentbit',
  'efs',
].map((name) => ({ name: `ecs.capability.${name}` }));

function registrationOf(index: number): object {
  return {
    cluster,
    attributes: [
      ...capabilities,
      ...features,
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.os-family', value: 'LINUX' },
      { name: 'ecs.cpu-architecture', value: 'x86_64' },
      { name: 'ecs.availability-zone', value: `${region}${'abc'.charAt(index % 3)}` },
    ],
    totalResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: 16_384 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: 65_536 },
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22', '2375', '2376', '51678'] },
      { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
    ],
  };
}

const arnPattern = /"containerInstanceArn":"([^"]+)"/;
const messagePattern = /"messageId":"([^"]+)"/;
const taskPattern = /"tasks":\[\{"arn":"([^"]+)"/;

interface Call {
  readonly request: Buffer;
  readonly answered: (body: string) => void;
}

/**
 * Agents without containers, many in one process: each registers, opens both of its websockets, and says of each task that
 * it is told to run that it is RUNNING.
 */
export class AgentFleet {
  readonly #order: FleetOrder;
  readonly #sockets: WebSocket[] = [];
  readonly #waiting: Call[] = [];
  readonly #idle: Connection[] = [];
  readonly #callOf = new Map<Connection, Call>();
  #wrong = 0;
  #running = 0;
  #wanted: { readonly count: number; readonly reached: () => void } | undefined;

  constructor(order: FleetOrder) {
    this.#order = order;
  }

  /** How many calls were not answered with 200. */
  get wrong(): number {
    return this.#wrong;
  }

  /** Resolves when all websockets stand. */
  async connect(): Promise<void> {
    const { agents } = this.#order;
    let next = 0;
    const dialInTurn = async (): Promise<void> => {
      while (next < agents) {
        const index = next;
        next += 1;
        await this.#join(index);
      }
    };
    await Promise.all(Array.from({ length: dialers }, dialInTurn));
  }

  /** Resolves when so many tasks, of all agents, have been reported and the reports acknowledged. */
  async untilRunning(count: number): Promise<void> {
    if (this.#running >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wanted = { count, reached: resolve };
    await promise;
  }

  async #join(index: number): Promise<void> {
    const arn = this.#order.joins ? await this.#register(index) : `bare-${index}`;
    const versions = 'agentVersion=1.105.1&agentHash=a8b3e7d3&dockerVersion=25.0.8';
    const escaped = encodeURIComponent(arn);
    const acs = await this.#open(
      `acs/ws?${versions}&clusterArn=${cluster}&containerInstanceArn=${escaped}&sendCredentials=true`,
    );
    const tcs = await this.#open(
      `tcs/ws?${versions}&cluster=${cluster}&containerInstance=${escaped}`,
    );
    this.#sockets.push(acs, tcs);
  }

  async #register(index: number): Promise<string> {
    const body = await this.#call('RegisterContainerInstance', registrationOf(index));
    const [, arn] = arnPattern.exec(body) ?? [];
    if (arn === undefined) throw new Error(`An agent could not register: ${body}`);
    return arn;
  }

  #open(path: string): Promise<WebSocket> {
    const { port, key } = this.#order;
    const scope = `${key.accessKeyId}/20260916/${region}/ecs/aws4_request`;
    const socket = new WebSocket(`ws://${host}:${port}/ecs-agent/${path}`, {
      perMessageDeflate: false,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`,
        'x-amz-date': '20260916T093500Z',
      },
    });
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#take(socket, data.toString('latin1'));
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  #take(acs: WebSocket, text: string): void {
    const [, messageId] = messagePattern.exec(text) ?? [];
    if (messageId === undefined) return;
    const type = text.startsWith('{"type":"HeartbeatMessage"')
      ? 'HeartbeatAckRequest'
      : 'AckRequest';
    const answer = { cluster, containerInstance: 'echo', messageId };
    acs.send(JSON.stringify({ type, message: answer }));
    if (!text.startsWith('{"type":"PayloadMessage"')) return;
    const [, taskArn] = taskPattern.exec(text) ?? [];
    if (taskArn !== undefined) void this.#report(taskArn);
  }

  async #report(task: string): Promise<void> {
    const runtimeId = task.slice(-32).repeat(2);
    const containers = [
      { containerName: 'app', status: 'RUNNING', runtimeId, networkBindings: [] },
    ];
    const status = 'RUNNING';
    await this.#call('SubmitTaskStateChange', { cluster, task, status, reason: '', containers });
    this.#running += 1;
    if (this.#running === this.#wanted?.count) this.#wanted.reached();
  }

  #call(operation: string, input: object): Promise<string> {
    const request = unsignedRequest({ operation, input, key: this.#order.key });
    return new Promise((resolve) => {
      this.#waiting.push({ request, answered: resolve });
      const isFull = this.#callOf.size >= callers;
      const connection = this.#idle.pop() ?? (isFull ? undefined : this.#newConnection());
      if (connection) this.#next(connection);
    });
  }

  #newConnection(): Connection {
    const connection: Connection = new Connection(
      this.#order.port,
      (answer) => this.#answered(connection, answer),
      () => this.#lost(connection),
    );
    return connection;
  }

  /** Servers close connections that have been idle for a while. */
  #lost(connection: Connection): void {
    if (this.#callOf.has(connection)) throw new Error('The server has closed the connection.');
    this.#idle.splice(this.#idle.indexOf(connection), 1);
  }

  #answered(connection: Connection, { status, length, bytes }: HttpAnswer): void {
    if (status !== 200) this.#wrong += 1;
    const call = this.#callOf.get(connection);
    this.#callOf.delete(connection);
    call?.answered(bytes.toString('utf8', bytes.length - length));
    this.#next(connection);
  }

  #next(connection: Connection): void {
    const call = this.#waiting.shift();
    if (!call) {
      this.#idle.push(connection);
      return;
    }
    this.#callOf.set(connection, call);
    connection.send(call.request);
  }
}
