import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeAlarmsAt } from './aws/describe-alarms.ts';
import { invokeHookAt } from './aws/invoke-hook.ts';
import type { InvokeHook } from './controllers/lifecycle-hook-controller.ts';
import { AwsEndpoints } from './aws/aws-endpoints.ts';
import { executionRole } from './execution-role.ts';
import { roleSource } from './role-source.ts';
import { AwsSource } from './task-configuration/aws-source.ts';
import { BuiltInSource } from './task-configuration/built-in-source.ts';
import { taskConfigurer } from './task-configuration/configure-task.ts';
import { TaskEndpoint } from './task-endpoint/task-endpoint.ts';
import type { ConfigureTask } from './compute/task-configuration.ts';
import type { TaskFacts } from './compute/task-facts.ts';
import { ecsService, faultOf, loadSchemas } from './api/ecs-service.ts';
import { companionFaultOf, companionServices } from './companion-services.ts';
import { stsService } from './api/sts-service.ts';
import { serviceScaling, type CloudWatchSources, type ServiceScaling } from './service-scaling.ts';
import { EventBridge } from './aws/put-events.ts';
import { dataChannelPath, ExecSessions, type DecryptKey } from './exec/exec-sessions.ts';
import type { ExecApi } from './api/operation.ts';
import { SessionLog } from './session-log.ts';
import { TaskCalls } from './task-calls.ts';
import { TaskRoles } from './task-roles.ts';
import type { Compute } from './compute/compute.ts';
import type { StartExec } from './compute/exec-process.ts';
import { EcsAgentCompute, type AgentUpgrade } from './compute/ecs-agent/ecs-agent-compute.ts';
import type { IssueRole } from './compute/ecs-agent/role-credentials.ts';
import type { DescribeAlarms } from './controllers/alarm-controller.ts';
import { ControllerLoop } from './controllers/controller-loop.ts';
import { EventDeliveryController } from './controllers/event-delivery-controller.ts';
import { defaultHistoryDays } from './controllers/retention.ts';
import { MachineController } from './controllers/machine-controller.ts';
import { isOnOwnCompute, liveOrders } from './controllers/task-controller.ts';
import { takeReports } from './controllers/task-reports.ts';
import type { Logs } from './logs/logs.ts';
import { Metrics } from './metrics.ts';
import { serveNames, type NameResolution } from './name-resolution.ts';
import type { AgentRelease } from './domain/container-instance/agent-update.ts';
import { lastPathElement, partitionOf, scopeOfArn, type ClusterArn } from './domain/arn.ts';
import type { Upgrade } from './protocol/upgrade-door.ts';
import type { CredentialsFile } from './protocol/credentials.ts';
import { IssuedCredentials } from './protocol/issued-credentials.ts';
import { Listener } from './protocol/listener.ts';
import { routes } from './routes.ts';
import { controllersOf } from './server-controllers.ts';
import type { Reach } from './domain/service/reach.ts';
import { State } from './state/state.ts';
import type { Store } from './store/store.ts';
import type { Clock } from './support/clock.ts';
import { newId, newUuid } from './support/ids.ts';
import type { Logger } from './support/logger.ts';
import { memoryKey, Vault } from './support/vault.ts';
import { version } from './version.ts';

/** What is not needed to be ready is loaded when those who wait for that have been answered. */
const loadingAfterMs = 250;

export interface ServerParts {
  readonly store: Store;
  readonly logs: Logs;
  /** Encrypts the values of parameters and secrets; without it they are gone with the process. */
  readonly vault?: Vault;
  readonly compute: Compute;
  readonly clock: Clock;
  readonly log: Logger;
  readonly credentials: CredentialsFile | undefined;
  /** Where the services of AWS are that the server calls. */
  readonly awsEndpoints?: AwsEndpoints;
  /** What stands in for calls to them. */
  readonly awsCalls?: AwsCalls;
  /** Serves containers what ECS tells a task, where compute has any. */
  readonly taskEndpoint?: {
    readonly facts: TaskFacts;
    serve(receive: RequestListener): void;
  };
  /** Resolves the names of private namespaces, where anyone can ask for them. */
  readonly names?: NameResolution;
  readonly listen: { readonly host: string; readonly port: number };
  /** The cluster whose container instances the machines of compute are to be; absent where of none. */
  readonly containerInstanceOf?: ClusterArn | undefined;
  /** The capacity provider that these container instances are of. */
  readonly capacityProvider?: string | undefined;
  /** What UpdateContainerAgent updates agents to. */
  readonly agentRelease?: AgentRelease | undefined;
  /** What controls the proxies of Service Connect that official agents run. */
  readonly serviceConnectEndpoint?: string | undefined;
  readonly historyDays?: number;
  /** Stands in for the minute between two looks at the metrics of services that are scaled. */
  readonly scalingPeriodMs?: number;
  /** What events name as their source where they are sent to EventBridge. */
  readonly eventSource?: string;
  /** Called when the store or compute has failed for good: nothing more can be promised to anyone. */
  readonly onFailure: (error: Error) => void;
}

/** What stands in for calls to AWS's own services. */
export interface AwsCalls extends CloudWatchSources {
  readonly describeAlarms?: DescribeAlarms | undefined;
  readonly invokeHook?: InvokeHook | undefined;
}

export interface RunningServer {
  readonly address: AddressInfo;
  readonly state: State;
  /** Answers what is under way, makes durable what is decided, and leaves tasks running. */
  close(): Promise<void>;
}

/** Puts the parts together: store -> state -> compute -> controllers -> door. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { store, logs, compute, clock, log, onFailure } = parts;
  const metrics = new Metrics();
  const { epoch } = await store.lease(`process ${process.pid}`);
  const state = new State({ store, epoch, observer: metrics, now: () => clock.now(), onFailure });
  await state.load();
  const vault = openVault(parts, state);

  const issued = new IssuedCredentials(parts.credentials, () => clock.now());
  const agents = new EcsAgentCompute({ state, clock, log, newUuid, issueRole: roleIssuer(issued) });
  openTaskEndpoint(parts, state, issued);
  serveNames(parts, state, agents);
  compute.configureWith?.(configurer(parts, state, vault));
  const eventBridge = eventBridgeOf(parts);
  const delivery = eventBridge && eventDelivery(eventBridge, state, parts);
  await delivery?.begin();
  const machines = machineController(parts, state);
  const scaling = serviceScaling(parts, { state, agents, reach: reachOf(parts) });
  const { historyDays = defaultHistoryDays } = parts;
  const controllers = [
    ...controllersOf({ state, clock, compute, agents, historyDays, calls: callsOf(parts) }),
    machines,
    scaling.controller,
    ...(delivery ? [delivery] : []),
  ];
  const loop = new ControllerLoop({ state, clock, log, controllers });
  const exec = execSessions(parts, state, logs);
  const core = { state, vault, logs, loop, metrics, agents, issued, exec, scaling };
  const listener = listenerOf(parts, core);
  agents.open((reports) => takeReports(state, reports));
  const address = await listener.listen(parts.listen.host, parts.listen.port);

  // Compute may be slow to answer; the API does not wait for it, only what brings tasks to it does.
  compute
    .open(liveOrders(state), (reports) => takeReports(state, reports))
    .then(() => {
      compute.onMachinesChanged(() => machines.look());
      loop.start();
    }, onFailure);
  loadLater(parts, metrics);

  return {
    address,
    state,
    close: async () => {
      const closed = listener.close();
      agents.close();
      eventBridge?.close();
      await exec?.close();
      await closed;
      await loop.stop();
      await compute.close();
      await parts.names?.resolver.close();
      await logs.close();
      await state.flush();
      await store.close();
    },
  };
}

/** Nobody who waits for the server to be ready waits for this. */
function loadLater({ names }: ServerParts, metrics: Metrics): void {
  setTimeout(() => {
    loadSchemas();
    void metrics.load();
    void names?.resolver.listen();
  }, loadingAfterMs).unref();
}

/** @throws VaultError where the key is not that of the values in the store */
function openVault({ vault = new Vault(memoryKey()) }: ServerParts, state: State): Vault {
  for (const { sealed } of state.read.sealedValues.values()) vault.check(sealed);
  return vault;
}

/** The services of AWS that deployments need, as far as they are within reach. */
function callsOf({ awsCalls, awsEndpoints = new AwsEndpoints() }: ServerParts): AwsCalls {
  return (
    awsCalls ?? {
      describeAlarms: describeAlarmsAt(awsEndpoints),
      invokeHook: invokeHookAt(awsEndpoints),
    }
  );
}

function reachOf(parts: ServerParts): Reach {
  const { describeAlarms, invokeHook } = callsOf(parts);
  return {
    cloudWatch: describeAlarms !== undefined,
    lambda: invokeHook !== undefined,
    kms: parts.awsEndpoints?.has('kms') ?? false,
  };
}

/** Undefined where the operator has named no endpoint of it. */
function eventBridgeOf({ awsEndpoints, eventSource = 'aws.ecs' }: ServerParts) {
  return awsEndpoints?.has('eventbridge') ? new EventBridge(awsEndpoints, eventSource) : undefined;
}

function eventDelivery(bridge: EventBridge, state: State, { clock, log }: ServerParts) {
  return new EventDeliveryController({
    state,
    clock,
    log,
    put: (events) => bridge.put(events),
  });
}

function openTaskEndpoint(parts: ServerParts, state: State, issued: IssuedCredentials): void {
  const { taskEndpoint, clock, log, credentials, awsEndpoints = new AwsEndpoints() } = parts;
  if (!taskEndpoint) return;
  const { facts } = taskEndpoint;
  const source = roleSource({
    roles: new TaskRoles({ credentials, awsEndpoints }),
    issue: roleIssuer(issued),
    now: () => clock.now(),
  });
  const endpoint = new TaskEndpoint({ state, facts, roleSource: source, clock, log });
  taskEndpoint.serve(endpoint.receive);
}

/** What containers point to is in our own stores, or where the operator says. */
function configurer(
  { credentials, clock, log, awsEndpoints = new AwsEndpoints() }: ServerParts,
  state: State,
  vault: Vault,
): ConfigureTask {
  const builtIn = new BuiltInSource({ state, vault, clock });
  const role = executionRole(new TaskRoles({ credentials, awsEndpoints }));
  const now = () => clock.now();
  const parts = { endpoints: awsEndpoints, credentials: role, builtIn, now };
  return taskConfigurer(new AwsSource(parts), log);
}

/** Where compute can run commands in containers. */
function execSessions(parts: ServerParts, state: State, logs: Logs): ExecSessions | undefined {
  const { compute, clock, log } = parts;
  const { startExec } = compute;
  if (!startExec) return undefined;
  const calls = new TaskCalls(state, parts);
  const { record, checkEncryption } = new SessionLog({ state, logs, calls, log });
  const start: StartExec = async (order) => {
    await checkEncryption(order);
    return startExec(order);
  };
  return new ExecSessions({ clock, log, start, record, decryptKey: keyDecrypter(calls) });
}

/** Data keys of sessions are decrypted by KMS, for the task. */
function keyDecrypter(calls: TaskCalls): DecryptKey {
  return async ({ task }, sealed) => {
    const settings = await calls.settingsOf('kms', task);
    if (!settings) throw new Error('No endpoint of KMS is named.');
    const { decryptKey } = await import('./aws/decrypt-key.ts');
    return decryptKey(settings, sealed);
  };
}

/** Tasks of ECS agents are out of reach: what runs commands there speaks to AWS alone. */
function execApi(exec: ExecSessions, state: State): ExecApi {
  return {
    reaches: (task) => isOnOwnCompute(state, task),
    open: (order, terms) => exec.open(order, terms),
  };
}

function machineController(
  { compute, clock, log, containerInstanceOf: clusterArn, capacityProvider, listen }: ServerParts,
  state: State,
): MachineController {
  const ownPorts = listen.port > 0 ? [listen.port] : [];
  const own = { clusterArn, capacityProvider, version, ownPorts };
  return new MachineController({ state, compute, clock, log, newId, newUuid, ...own });
}

interface Core {
  readonly state: State;
  readonly vault: Vault;
  readonly logs: Logs;
  readonly loop: ControllerLoop;
  readonly metrics: Metrics;
  readonly agents: EcsAgentCompute;
  readonly issued: IssuedCredentials;
  readonly exec: ExecSessions | undefined;
  readonly scaling: ServiceScaling;
}

function listenerOf(parts: ServerParts, core: Core): Listener {
  const { compute, clock, log, credentials, agentRelease, serviceConnectEndpoint } = parts;
  const { state, vault, logs, loop, metrics, agents, issued, exec, scaling } = core;
  return new Listener({
    services: [
      ecsService({
        state,
        newId,
        newUuid,
        reach: reachOf(parts),
        agentRelease,
        serviceConnectEndpoint,
        exec: exec && execApi(exec, state),
      }),
      ...companionServices({ state, vault, logs, exec, scaling: scaling.service }),
    ],
    queryService: stsService,
    credentials: credentials && issued,
    routes: routes({
      state,
      compute,
      loop,
      agents,
      metrics,
      clock,
      scaling: scaling.controller,
      hasCredentials: credentials !== undefined,
    }),
    upgrades: new Map([['/ecs-agent/', (upgrade) => agents.onUpgrade(agentUpgrade(upgrade))]]),
    unsignedUpgrades: new Map(
      exec && [
        [dataChannelPath, ({ request, socket, head }) => exec.onUpgrade(request, socket, head)],
      ],
    ),
    faultOf: (error) => faultOf(error) ?? companionFaultOf(error),
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
