import type { AddressInfo } from 'node:net';
import { ecsService, faultOf, loadSchemas } from './api/ecs-service.ts';
import { logsFaultOf, logsService } from './companions/logs/logs-service.ts';
import { stsService } from './api/sts-service.ts';
import type { Compute } from './compute/compute.ts';
import { EcsAgentCompute, type AgentUpgrade } from './compute/ecs-agent/ecs-agent-compute.ts';
import type { IssueRole } from './compute/ecs-agent/role-credentials.ts';
import { CapacityProviderController } from './controllers/capacity-provider-controller.ts';
import { ClientTokenController } from './controllers/client-token-controller.ts';
import { ClusterController } from './controllers/cluster-controller.ts';
import { ContainerInstanceController } from './controllers/container-instance-controller.ts';
import { ControllerLoop } from './controllers/controller-loop.ts';
import { ServiceController } from './controllers/service-controller.ts';
import { TaskController, liveOrders } from './controllers/task-controller.ts';
import { TaskDefinitionController } from './controllers/task-definition-controller.ts';
import { takeReports } from './controllers/task-reports.ts';
import type { Logs } from './logs/logs.ts';
import { Metrics } from './metrics.ts';
import { lastPathElement, partitionOf, scopeOfArn } from './domain/arn.ts';
import type { Upgrade } from './protocol/upgrade-door.ts';
import type { Credentials } from './protocol/credentials.ts';
import { IssuedCredentials } from './protocol/issued-credentials.ts';
import { Listener } from './protocol/listener.ts';
import { routes } from './routes.ts';
import { State } from './state/state.ts';
import type { Store } from './store/store.ts';
import type { Clock } from './support/clock.ts';
import { newId, newUuid } from './support/ids.ts';
import type { Logger } from './support/logger.ts';

/** What is not needed to be ready is loaded when those who wait for that have been answered. */
const loadingAfterMs = 250;

export interface ServerParts {
  readonly store: Store;
  readonly logs: Logs;
  readonly compute: Compute;
  readonly clock: Clock;
  readonly log: Logger;
  readonly credentials: Credentials | undefined;
  readonly listen: { readonly host: string; readonly port: number };
  /** Called when the store or compute has failed for good: nothing more can be promised to anyone. */
  readonly onFailure: (error: Error) => void;
}

export interface RunningServer {
  readonly address: AddressInfo;
  readonly state: State;
  /** Answers what is under way, makes durable what is decided, and leaves tasks running. */
  close(): Promise<void>;
}

/** Puts the parts together: store -> state -> compute -> controllers -> door. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { store, logs, compute, clock, log } = parts;
  const metrics = new Metrics();
  const { epoch } = await store.lease(`process ${process.pid}`);
  const state = new State({ store, epoch, observer: metrics, onFailure: parts.onFailure });
  await state.load();

  const issued = new IssuedCredentials(parts.credentials, () => clock.now());
  const agents = new EcsAgentCompute({ state, clock, log, newUuid, issueRole: roleIssuer(issued) });
  const loop = new ControllerLoop({
    state,
    clock,
    log,
    controllers: [
      new ServiceController({ state, clock, newId, newUuid }),
      new TaskController({
        state,
        clock,
        runnerOf: (task) => (task.containerInstanceArn === undefined ? compute : agents),
      }),
      new ContainerInstanceController({ state, clock }),
      new ClusterController({ state, clock }),
      new CapacityProviderController({ state, clock, newUuid }),
      new TaskDefinitionController({ state }),
      new ClientTokenController({ state, clock }),
    ],
  });
  const listener = listenerOf(parts, { state, logs, loop, metrics, agents, issued });
  agents.open((reports) => takeReports(state, reports));
  const address = await listener.listen(parts.listen.host, parts.listen.port);

  // Compute may be slow to answer; the API does not wait for it, only what brings tasks to it does.
  compute
    .open(liveOrders(state), (reports) => takeReports(state, reports))
    .then(() => loop.start(), parts.onFailure);
  setTimeout(() => {
    loadSchemas();
    void metrics.load();
  }, loadingAfterMs).unref();

  return {
    address,
    state,
    close: async () => {
      const closed = listener.close();
      agents.close();
      await closed;
      await loop.stop();
      await compute.close();
      await logs.close();
      await state.flush();
      await store.close();
    },
  };
}

interface Core {
  readonly state: State;
  readonly logs: Logs;
  readonly loop: ControllerLoop;
  readonly metrics: Metrics;
  readonly agents: EcsAgentCompute;
  readonly issued: IssuedCredentials;
}

function listenerOf({ compute, clock, log, credentials }: ServerParts, core: Core): Listener {
  const { state, logs, loop, metrics, agents, issued } = core;
  return new Listener({
    services: [ecsService({ state, newId, newUuid }), logsService(logs)],
    queryService: stsService,
    credentials: credentials && issued,
    routes: routes({
      state,
      compute,
      loop,
      agents,
      metrics,
      hasCredentials: credentials !== undefined,
    }),
    upgrades: new Map([['/ecs-agent/', (upgrade) => agents.onUpgrade(agentUpgrade(upgrade))]]),
    faultOf: (error) => faultOf(error) ?? logsFaultOf(error),
    settled: () => state.settled(),
    now: () => clock.now(),
    log,
    observer: metrics,
  });
}

/** A role's session is named after its task. */
function roleIssuer(issued: IssuedCredentials): IssueRole {
  return ({ roleArn, taskArn }) =>
    issued.issue({
      roleArn,
      accountId: scopeOfArn(taskArn).accountId,
      sessionName: lastPathElement(taskArn),
    });
}

function agentUpgrade({ caller: { region, accountId }, ...upgrade }: Upgrade): AgentUpgrade {
  return { ...upgrade, scope: { partition: partitionOf(region), region, accountId } };
}
