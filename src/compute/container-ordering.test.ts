import { describe, expect, test } from 'vitest';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../domain/task-definition/task-definition.ts';
import { aContainerDefinition } from '../../test/fixtures/a-task-definition.ts';
import { aServiceConnect } from '../../test/fixtures/a-service-connect.ts';
import { proxyDefinition } from '../domain/service-connect/proxy-container.ts';
import { behindProxy, orderingOf } from './container-ordering.ts';

const routed = { logConfiguration: { logDriver: 'awsfirelens' } } as const;
const aRouter = (given: Partial<ContainerDefinition> = {}) =>
  aContainerDefinition({ name: 'router', firelensConfiguration: { type: 'fluentbit' }, ...given });
const started = [{ containerName: 'router', condition: 'START' }];

function orderingIn(
  networkMode: TaskDefinitionContent['networkMode'],
  app: Partial<ContainerDefinition>,
  router = aRouter(),
) {
  const definition = aContainerDefinition(app);
  const content = {
    containerDefinitions: [definition, router],
    ...(networkMode && { networkMode }),
  };
  return orderingOf(definition, content);
}

describe('a container whose lines go to a log router', () => {
  test('starts after it, and ends before it', () => {
    const { dependsOn, needsAddressOf } = orderingIn('awsvpc', routed);
    expect(dependsOn).toEqual(started);
    expect(needsAddressOf).toEqual([]);
  });

  test.each(['bridge', undefined] as const)('is told its address in network mode %s', (mode) => {
    expect(orderingIn(mode, routed).needsAddressOf).toEqual(['router']);
  });

  test('waits for it as its author says, where that is said', () => {
    const dependsOn = [{ containerName: 'router', condition: 'HEALTHY' } as const];
    const ordering = orderingIn('bridge', { ...routed, dependsOn });
    expect(ordering).toMatchObject({ dependsOn, needsAddressOf: ['router'] });
  });

  test.each<[string, Partial<ContainerDefinition>]>([
    ['depends on others', { dependsOn: [{ containerName: 'app', condition: 'START' }] }],
    ['has the volumes of others', { volumesFrom: [{ sourceContainer: 'app' }] }],
  ])('does not wait for one that %s', (_, given) => {
    const ordering = orderingIn('bridge', routed, aRouter(given));
    expect(ordering).toMatchObject({ dependsOn: [], needsAddressOf: [] });
  });
});

test('a container with another log driver does not wait for the log router', () => {
  expect(orderingIn('bridge', {})).toMatchObject({ dependsOn: [], needsAddressOf: [] });
});

test('a log router whose lines go to itself waits for nobody', () => {
  const router = aRouter(routed);
  const ordering = orderingOf(router, { containerDefinitions: [router] });
  expect(ordering).toMatchObject({ dependsOn: [], needsAddressOf: [] });
});

test('containers wait for the proxy of Service Connect, besides what they wait for themselves', () => {
  const setting = aServiceConnect([]);
  const connect = { attachmentId: 'a', setting };
  const own = [{ containerName: 'db', condition: 'START' } as const];
  const app = behindProxy(orderingIn('awsvpc', { dependsOn: own }), connect);
  const healthy = { containerName: setting.containerName, condition: 'HEALTHY' };
  expect(app.dependsOn).toEqual([...own, healthy]);
  const proxy = orderingOf(proxyDefinition(setting), { containerDefinitions: [] });
  expect(behindProxy(proxy, connect)).toMatchObject({ dependsOn: [], isIdleUntilHealthy: true });
});
