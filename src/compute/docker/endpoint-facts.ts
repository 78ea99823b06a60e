import type {
  ClockFacts,
  ContainerFacts,
  ContainerRef,
  ContainerStats,
  HealthFacts,
  NetworkFacts,
  TaskFacts,
} from '../task-facts.ts';
import { lastPathElement, type TaskArn } from '../../domain/arn.ts';
import { present } from '../../domain/present.ts';
import type { EngineHost } from './engine-host.ts';
import { orGone } from './or-gone.ts';
import { ClockDrift } from './clock-drift.ts';
import type { ContainerInspect, ContainerSizes } from './engine-types.ts';
import { healthStatus } from './observed-state.ts';
import { StorageUse } from './storage-use.ts';
import { StatsSamples } from './stats-samples.ts';

/** The Engine writes this for a time that has not come. */
const noTime = '0001-01-01T00:00:00Z';

/** What an Engine knows of tasks, for the tasks themselves. */
export class EndpointFacts implements TaskFacts {
  readonly #host: EngineHost;
  readonly #networkName: string;
  readonly #samples = new StatsSamples();
  readonly #storageUse: StorageUse;
  readonly #clockDrift: ClockDrift;
  #network: Promise<NetworkFacts> | undefined;

  constructor(host: EngineHost, networkName: string) {
    this.#host = host;
    this.#networkName = networkName;
    const { clock } = host;
    this.#storageUse = new StorageUse({ clock, measure: (taskArn) => this.#sizesOf(taskArn) });
    this.#clockDrift = new ClockDrift(clock);
  }

  ownerOf(endpointId: string): ContainerRef | undefined {
    return this.#host.directory.ownerOf(endpointId);
  }

  taskAt(address: string): TaskArn | undefined {
    return this.#host.directory.taskAt(address);
  }

  taskOfCredentials(credentialsId: string): TaskArn | undefined {
    return this.#host.directory.taskOfCredentials(credentialsId);
  }

  async inspect(container: ContainerRef): Promise<ContainerFacts | undefined> {
    const id = this.#idOf(container);
    if (id === undefined) return undefined;
    const found = await orGone(this.#host.engine.inspectContainer(id));
    return found && factsOf(found);
  }

  async stats(container: ContainerRef): Promise<ContainerStats | undefined> {
    const id = this.#idOf(container);
    const pauseId = this.#run(container)?.pauseId;
    if (id === undefined) return undefined;
    const { engine } = this.#host;
    const [own, pause] = await Promise.all([
      orGone(engine.containerStats(id)),
      pauseId === undefined ? undefined : orGone(engine.containerStats(pauseId)),
    ]);
    return own && this.#samples.complete(id, own, pause);
  }

  async storageUse(taskArn: TaskArn): Promise<number | undefined> {
    if (!this.#host.find(lastPathElement(taskArn))) return undefined;
    return this.#storageUse.of(taskArn);
  }

  /** The clock of an Engine elsewhere is not this machine's. */
  async clock(): Promise<ClockFacts | undefined> {
    return this.#host.engine.isLocal ? this.#clockDrift.facts() : undefined;
  }

  async networkNamespace(taskArn: TaskArn): Promise<string | undefined> {
    const { engine } = this.#host;
    const pauseId = this.#host.find(lastPathElement(taskArn))?.pauseId;
    if (pauseId === undefined || !engine.isLocal) return undefined;
    const pause = await orGone(engine.inspectContainer(pauseId));
    return pause?.NetworkSettings.SandboxKey || undefined;
  }

  async #sizesOf(taskArn: TaskArn): Promise<readonly ContainerSizes[]> {
    const run = this.#host.find(lastPathElement(taskArn));
    const ids = [...(run?.containers.ids.values() ?? [])];
    const sizes = ids.map((id) => orGone(this.#host.engine.containerSizes(id)));
    return (await Promise.all(sizes)).filter((one) => one !== undefined);
  }

  network(): Promise<NetworkFacts> {
    this.#network ??= this.#lookUpNetwork().catch((error: unknown) => {
      this.#network = undefined;
      throw error;
    });
    return this.#network;
  }

  async #lookUpNetwork(): Promise<NetworkFacts> {
    const { IPAM } = await this.#host.engine.inspectNetwork(this.#networkName);
    const [{ Subnet = '', Gateway = '' } = {}] = IPAM.Config ?? [];
    // The Engine's own name server, which every network but its default one has.
    return { subnet: Subnet, gateway: Gateway, nameServers: ['127.0.0.11'] };
  }

  #run({ taskArn }: ContainerRef) {
    return this.#host.find(lastPathElement(taskArn));
  }

  #idOf(container: ContainerRef): string | undefined {
    return this.#run(container)?.containers.ids.get(container.container);
  }
}

function factsOf({
  Id,
  Name,
  Image,
  Created,
  Config,
  State,
  RestartCount,
  NetworkSettings,
}: ContainerInspect): ContainerFacts {
  const hasEnded = State.Status === 'exited' || State.Status === 'dead';
  const addresses = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
  return {
    dockerId: Id,
    dockerName: Name.replace(/^\//, ''),
    imageId: Image,
    labels: ecsLabels(Config.Labels ?? {}),
    createdAt: Created,
    isRunning: State.Status === 'running',
    restartCount: RestartCount,
    addresses: addresses.filter((address) => address !== ''),
    ...present({
      startedAt: State.StartedAt === noTime ? undefined : State.StartedAt,
      finishedAt: hasEnded ? State.FinishedAt : undefined,
      exitCode: hasEnded ? State.ExitCode : undefined,
      health: State.Health && healthOf(State.Health),
    }),
  };
}

/** All but those by which we know what is ours. */
function ecsLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !key.startsWith('longshore.')),
  );
}

function healthOf({ Status, Log }: NonNullable<ContainerInspect['State']['Health']>): HealthFacts {
  const last = Log?.at(-1);
  const checked = last && { since: last.End, exitCode: last.ExitCode, output: last.Output };
  return { status: healthStatus(Status), ...checked };
}
