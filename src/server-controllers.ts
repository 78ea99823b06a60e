import {
  LifecycleHookController,
  type InvokeHook,
} from './controllers/lifecycle-hook-controller.ts';
import type { Compute } from './compute/compute.ts';
import type { EcsAgentCompute } from './compute/ecs-agent/ecs-agent-compute.ts';
import { lastLines } from './compute/last-lines.ts';
import { AlarmController, type DescribeAlarms } from './controllers/alarm-controller.ts';
import { CapacityProviderController } from './controllers/capacity-provider-controller.ts';
import { ClientTokenController } from './controllers/client-token-controller.ts';
import { ClusterController } from './controllers/cluster-controller.ts';
import { ConnectInstanceController } from './controllers/connect-instance-controller.ts';
import { ContainerInstanceController } from './controllers/container-instance-controller.ts';
import type { Controller } from './controllers/controller.ts';
import { DaemonController } from './controllers/daemon-controller.ts';
import { DaemonTaskDefinitionController } from './controllers/daemon-task-definition-controller.ts';
import { EndpointServiceController } from './controllers/endpoint-service-controller.ts';
import { LogController } from './controllers/log-controller.ts';
import { ProxyController } from './controllers/proxy-controller.ts';
import { RegistryController } from './controllers/registry-controller.ts';
import { SecretController } from './controllers/secret-controller.ts';
import { ServiceController } from './controllers/service-controller.ts';
import { TaskController, isOnOwnCompute } from './controllers/task-controller.ts';
import { TaskDefinitionController } from './controllers/task-definition-controller.ts';
import type { State } from './state/state.ts';
import type { Clock } from './support/clock.ts';
import { newId, newUuid } from './support/ids.ts';

export interface ControllerSetting {
  readonly state: State;
  readonly clock: Clock;
  readonly compute: Compute;
  readonly agents: EcsAgentCompute;
  readonly historyDays: number;
  /** Calls to AWS's own services; absent where they are out of reach. */
  readonly calls: {
    readonly describeAlarms?: DescribeAlarms | undefined;
    readonly invokeHook?: InvokeHook | undefined;
  };
}

/** What every server reconciles, in the order in which work that is due at once is done. */
export function controllersOf(setting: ControllerSetting): readonly Controller[] {
  const { state, clock, compute, agents, historyDays, calls } = setting;
  const proxies = new ProxyController({ state, clock, compute });
  return [
    new RegistryController({ state, clock, newUuid }),
    proxies,
    new ConnectInstanceController({ state, clock }),
    // Before services, so that daemons have their places before other tasks.
    new DaemonController({ state, clock, newId, newUuid }),
    new ServiceController({ state, clock, newId, newUuid }),
    new TaskController({
      state,
      clock,
      runnerOf: (task) => (isOnOwnCompute(state, task) ? compute : agents),
      lastLines: (task) => lastLines(compute, task),
      goneSince: (task) => proxies.goneSince(task),
    }),
    new AlarmController({ state, clock, describeAlarms: calls.describeAlarms }),
    new LifecycleHookController({ state, clock, invokeHook: calls.invokeHook }),
    new ContainerInstanceController({ state, clock }),
    new ClusterController({ state, clock }),
    new CapacityProviderController({ state, clock, newUuid }),
    new TaskDefinitionController({ state }),
    new DaemonTaskDefinitionController({ state, clock }),
    new ClientTokenController({ state, clock }),
    new SecretController({ state, clock }),
    new EndpointServiceController({ state, clock }),
    new LogController({ state, clock, historyDays }),
  ];
}
