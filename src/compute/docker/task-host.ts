import type { TaskArn } from '../../domain/arn.ts';
import type { TaskReport } from '../../domain/task/report.ts';
import type { ConfigureTask } from '../task-configuration.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { Engine } from './engine.ts';
import type { FileSystems } from '../file-systems.ts';
import type { Gate } from '../../support/gate.ts';
import type { Images } from './images.ts';
import type { EngineAbilities } from './impossible.ts';
import type { HostRanges } from './network/host-ranges.ts';
import type { LogShipments } from './log-shipments.ts';
import type { ManagedVolumes } from './managed-volumes.ts';
import type { OutputStore } from './output-store.ts';
import type { Pauses } from './pauses.ts';
import type { Proxies } from './service-connect/proxies.ts';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { TaskBounds } from './task-bounds.ts';
import type { TaskRun } from './task-run.ts';

/** What a task finds on the Engine that it runs on. */
export interface TaskHost {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly installationId: string;
  /** Where the ports of tasks are published; absent where tasks are reached by their addresses. */
  readonly publish?: { readonly bindIP: string };
  /** Whether containers have NET_RAW by default, as on ECS. */
  readonly keepsRawSockets: boolean;
  readonly starts: Gate;
  readonly stops: Gate;
  readonly creates: Gate;
  readonly images: Images;
  readonly pauses: Pauses;
  readonly bounds: TaskBounds;
  readonly outputs: OutputStore;
  /** What the operator has in the place of AWS's file systems. */
  readonly fileSystems: FileSystems;
  readonly managedVolumes: ManagedVolumes;
  readonly abilities: EngineAbilities;
  readonly hostRanges: HostRanges;
  readonly shipments: LogShipments;
  readonly proxies: Proxies;
  /** The log drivers that the Engine has. */
  readonly logDrivers: ReadonlySet<string>;
  /** By what containers reach what ECS tells a task; undefined where they cannot. */
  readonly endpointUrl: string | undefined;
  /** Whom containers ask for names; empty where that is for the Engine to say. */
  readonly nameServers: readonly string[];
  /** False while the Engine is away: what is known may be wrong, and nothing is asked of it. */
  readonly isAvailable: boolean;

  /** Finds what containers only point to. */
  readonly configure: ConfigureTask;

  report(taskArn: TaskArn, reports: readonly TaskReport[]): void;
  /** Events of this container concern that task from now on: one of its own, or its pause container. */
  watch(containerId: string, run: TaskRun, container?: string): void;
  /** A container of the task runs, or has run. */
  follow(run: TaskRun, spec: ContainerSpec, containerId: string): void;
  /** A request did not reach the Engine: all that is known has to be looked at anew. */
  lost(error: unknown): void;
  /** Nothing of the task is left. */
  released(run: TaskRun): void;
}
