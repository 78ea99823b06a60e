import type DockerModem from 'docker-modem';
import type { ConstructorOptions } from 'docker-modem';
import type { RegistryCredentials } from '../../domain/secret/registry-credentials.ts';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type {
  ContainerBody,
  ContainerInspect,
  ContainerSizes,
  ContainerSummary,
  EngineEvent,
  EngineInfo,
  ExecBody,
  ExecInspect,
  ImageInspect,
  NetworkInspect,
  PullProgress,
  StatsBody,
  ResourcesBody,
  VolumeBody,
  VolumeInspect,
} from './engine-types.ts';
import { engineConnection } from './engine-url.ts';
import { jsonLines } from './json-lines.ts';

/** The Engine refused: its status and its own words. */
export class EngineError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = 'EngineError';
    this.statusCode = statusCode;
  }
}

/** The Engine could not be asked, so what came of the request is not known. */
export class EngineUnreachable extends Error {
  constructor(cause: unknown) {
    super('The Docker Engine cannot be reached.', { cause });
    this.name = 'EngineUnreachable';
  }
}

/** An Engine that does not answer a small question within this is away. */
const answerTimeoutMs = 10_000;

interface EngineRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: object;
  readonly tar?: Buffer | NodeJS.ReadableStream;
  readonly signal?: AbortSignal;
  /** For the registry that the Engine asks. */
  readonly credentials?: RegistryCredentials;
  /** Makes the connection a two-way stream. */
  readonly hijack?: boolean;
}

/** One Docker Engine, by its URL. */
export class Engine {
  readonly url: string;
  readonly #connection: ConstructorOptions;
  #modem: Promise<DockerModem> | undefined;

  constructor(url: string) {
    this.url = url;
    this.#connection = engineConnection(url);
  }

  /** Whether its machine is this one. (A Docker Desktop has its machine show the folders of this one.) */
  get isLocal(): boolean {
    return this.#connection.socketPath !== undefined;
  }

  async info(): Promise<EngineInfo> {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    return this.#ask<EngineInfo>({ method: 'GET', path: '/info', signal });
  }

  async createContainer(name: string, body: ContainerBody): Promise<string> {
    const request = { method: 'POST', path: '/containers/create', query: { name }, body } as const;
    return (await this.#ask<{ Id: string }>(request)).Id;
  }

  async startContainer(id: string): Promise<void> {
    await this.#ask({ method: 'POST', path: `/containers/${id}/start` });
  }

  /** Sends the image's stop signal, and SIGKILL after the timeout. Answers when it has ended. */
  async stopContainer(id: string, timeoutSeconds: number): Promise<void> {
    const query = { t: String(timeoutSeconds) };
    await this.#ask({ method: 'POST', path: `/containers/${id}/stop`, query });
  }

  /** Changes the bounds that are given, and leaves the others as they are. */
  async updateContainer(id: string, body: ResourcesBody): Promise<void> {
    await this.#ask({ method: 'POST', path: `/containers/${id}/update`, body });
  }

  /** With its anonymous volumes; one that runs is killed. One that is gone already is removed. */
  async removeContainer(id: string): Promise<void> {
    const query = { force: 'true', v: 'true' };
    // A removal that is under way already is answered with a conflict.
    await this.#unless([404, 409], { method: 'DELETE', path: `/containers/${id}`, query });
  }

  /** Unpacks an archive in a folder of a container, which need not run. */
  async putArchive(id: string, path: string, tar: Buffer): Promise<void> {
    const request = {
      method: 'PUT',
      path: `/containers/${id}/archive`,
      query: { path },
      tar,
    } as const;
    await this.#ask(request);
  }

  /** Whether a container has a file, be it running or not. */
  async hasFile(id: string, path: string): Promise<boolean> {
    const request = { method: 'HEAD', path: `/containers/${id}/archive`, query: { path } } as const;
    try {
      await this.#ask(request);
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.statusCode === 404) return false;
      throw error;
    }
  }

  async inspectContainer(idOrName: string): Promise<ContainerInspect> {
    return this.#ask<ContainerInspect>({ method: 'GET', path: `/containers/${idOrName}/json` });
  }

  /** The Engine looks at all files of the container for it. */
  async containerSizes(id: string): Promise<ContainerSizes> {
    const query = { size: 'true' };
    return this.#ask<ContainerSizes>({ method: 'GET', path: `/containers/${id}/json`, query });
  }

  /** The figures of this moment: without those before, for which the Engine would wait a second. */
  async containerStats(id: string): Promise<StatsBody> {
    const query = { stream: 'false', 'one-shot': 'true' };
    return this.#ask<StatsBody>({ method: 'GET', path: `/containers/${id}/stats`, query });
  }

  async listContainers(label: string): Promise<readonly ContainerSummary[]> {
    const query = { all: 'true', filters: JSON.stringify({ label: [label] }) };
    return this.#ask<ContainerSummary[]>({ method: 'GET', path: '/containers/json', query });
  }

  /** The ports of the host that all containers on the Engine have. */
  async publishedPorts(): Promise<readonly number[]> {
    const request = { method: 'GET', path: '/containers/json' } as const;
    const all = await this.#ask<{ Ports: { PublicPort?: number }[] | null }[]>(request);
    return all.flatMap(({ Ports }) => (Ports ?? []).flatMap(({ PublicPort }) => PublicPort ?? []));
  }

  /** Undefined where the image is not there. */
  async findImage(reference: string): Promise<ImageInspect | undefined> {
    if (!staysInPlace(reference)) return undefined;
    const path = `/images/${encodeURIComponent(reference)}/json`;
    try {
      return await this.#ask<ImageInspect>({ method: 'GET', path });
    } catch (error) {
      if (error instanceof EngineError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  /** The image has its name when all of the archive has come, and not before. */
  async importImage(
    repository: string,
    tag: string,
    tar: Buffer | NodeJS.ReadableStream,
    changes: readonly string[] = [],
  ): Promise<void> {
    const query = { fromSrc: '-', repo: repository, tag, changes };
    const request = { method: 'POST', path: '/images/create', query, tar } as const;
    for await (const { error } of jsonLines<PullProgress>(await this.#open(request))) {
      if (error !== undefined) throw new EngineError(500, error);
    }
  }

  async removeImage(reference: string): Promise<void> {
    const path = `/images/${encodeURIComponent(reference)}`;
    await this.#unless([404], { method: 'DELETE', path });
  }

  async *pullImage(
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
    credentials?: RegistryCredentials,
  ): AsyncGenerator<PullProgress> {
    const request = {
      method: 'POST',
      path: '/images/create',
      query,
      signal,
      ...(credentials && { credentials }),
    } as const;
    yield* jsonLines<PullProgress>(await this.#open(request));
  }

  /** One that is there already is as good as made. */
  async createNetwork(
    name: string,
    labels: Readonly<Record<string, string>>,
    range?: { readonly Subnet: string; readonly Gateway: string },
  ): Promise<void> {
    const ipam = range && { IPAM: { Config: [range] } };
    const body = { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: labels, ...ipam };
    await this.#unless([409], { method: 'POST', path: '/networks/create', body });
  }

  async inspectNetwork(name: string): Promise<NetworkInspect> {
    return this.#ask<NetworkInspect>({ method: 'GET', path: `/networks/${name}` });
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#unless([404], { method: 'DELETE', path: `/networks/${name}` });
  }

  /** One that is there already is as good as made. */
  async createVolume(body: VolumeBody): Promise<void> {
    await this.#ask({ method: 'POST', path: '/volumes/create', body });
  }

  /** Undefined where there is none of the name. */
  async findVolume(name: string): Promise<VolumeInspect | undefined> {
    try {
      return await this.#ask<VolumeInspect>({ method: 'GET', path: `/volumes/${name}` });
    } catch (error) {
      if (error instanceof EngineError && error.statusCode === 404) return undefined;
      throw error;
    }
  }

  async removeVolume(name: string): Promise<void> {
    await this.#unless([404], { method: 'DELETE', path: `/volumes/${name}` });
  }

  async listVolumes(label: string): Promise<readonly string[]> {
    const query = { filters: JSON.stringify({ label: [label] }) };
    const request = { method: 'GET', path: '/volumes', query } as const;
    const { Volumes } = await this.#ask<{ Volumes: { Name: string }[] | null }>(request);
    return (Volumes ?? []).map(({ Name }) => Name);
  }

  /** What a container wrote, as the Engine frames it, each message with its time. */
  async logs(
    id: string,
    options: {
      readonly follow: boolean;
      readonly signal: AbortSignal;
      /** Leaves out messages of before, in milliseconds since the Unix epoch. */
      readonly since?: number;
      readonly tail?: number | undefined;
    },
  ): Promise<AsyncIterable<Buffer>> {
    const query = {
      tail: options.tail === undefined ? 'all' : String(options.tail),
      stdout: 'true',
      stderr: 'true',
      timestamps: 'true',
      follow: String(options.follow),
      ...(options.since ? { since: (options.since / 1000).toFixed(3) } : {}),
    };
    const { signal } = options;
    return this.#open({ method: 'GET', path: `/containers/${id}/logs`, query, signal });
  }

  /** Events of containers with the label, from the given moment of the Engine's clock on. */
  async events(options: {
    readonly label: string;
    readonly actions: readonly string[];
    readonly since: string;
    readonly signal: AbortSignal;
  }): Promise<AsyncIterable<EngineEvent>> {
    const { label, since, signal } = options;
    const filters = { type: ['container'], label: [label], event: options.actions };
    const query = { since, filters: JSON.stringify(filters) };
    const stream = await this.#open({ method: 'GET', path: '/events', query, signal });
    return jsonLines<EngineEvent>(whileReachable(stream));
  }

  /** A command in a container, which runs once it is attached to. */
  async createExec(containerId: string, body: ExecBody): Promise<string> {
    const request = { method: 'POST', path: `/containers/${containerId}/exec`, body } as const;
    return (await this.#ask<{ Id: string }>(request)).Id;
  }

  /** Begins the command and gives its terminal. */
  async attachExec(id: string): Promise<Duplex> {
    const body = { Detach: false, Tty: true };
    const request = { method: 'POST', path: `/exec/${id}/start`, body, hijack: true } as const;
    return this.#dial<Duplex>(request, true);
  }

  async resizeExec(id: string, columns: number, rows: number): Promise<void> {
    const query = { w: String(columns), h: String(rows) };
    await this.#ask({ method: 'POST', path: `/exec/${id}/resize`, query });
  }

  async inspectExec(id: string): Promise<ExecInspect> {
    return this.#ask<ExecInspect>({ method: 'GET', path: `/exec/${id}/json` });
  }

  async #unless(asGood: readonly number[], request: EngineRequest): Promise<void> {
    try {
      await this.#ask(request);
    } catch (error) {
      if (!(error instanceof EngineError && asGood.includes(error.statusCode))) throw error;
    }
  }

  async #open(request: EngineRequest): Promise<IncomingMessage> {
    return this.#dial<IncomingMessage>(request, true);
  }

  async #ask<Answer>(request: EngineRequest): Promise<Answer> {
    return this.#dial<Answer>(request, false);
  }

  async #dial<Answer>(request: EngineRequest, isStream: boolean): Promise<Answer> {
    this.#modem ??= import('docker-modem').then(
      ({ default: Modem }) => new Modem(this.#connection),
    );
    const modem = await this.#modem;
    const { method, path, query = {}, body = {}, tar, signal, hijack, credentials } = request;
    return new Promise<Answer>((resolve, reject) => {
      modem.dial(
        {
          method,
          path: `${path}?`,
          options: { _query: query, _body: body },
          isStream,
          statusCodes: successes,
          ...(credentials ? { authconfig: credentials } : {}),
          ...(tar ? { file: tar } : {}),
          ...(hijack ? { hijack: true, openStdin: true } : {}),
          ...(signal ? { abortSignal: signal } : {}),
        },
        (error, answer) => {
          if (error) reject(engineFailure(error));
          // The Engine's answers have the shapes that its API reference gives them.
          else resolve(answer as Answer);
        },
      );
    });
  }
}

/**
 * Whether a name can be part of a path. The Engine redirects from a path with empty or dotted
 * elements, to something else; no image has such a name.
 */
function staysInPlace(name: string): boolean {
  return name.split('/').every((element) => !['', '.', '..'].includes(element));
}

const successes = { 200: true, 201: true, 204: true, 304: true };

/** A stream that is cut off has lost the Engine. */
async function* whileReachable(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw new EngineUnreachable(error);
  }
}

/** The client library puts the status on its errors, and the Engine's words behind its own. */
function engineFailure(error: Error & { statusCode?: number; json?: unknown }): Error {
  if (error.statusCode === undefined) return new EngineUnreachable(error);
  const { json } = error;
  const told =
    typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  const words = error.message.replace(/^\(HTTP code \d+\) unexpected - /, '').trim();
  return new EngineError(error.statusCode, typeof told === 'string' ? told : words);
}
