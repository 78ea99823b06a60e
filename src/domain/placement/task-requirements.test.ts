import type { ResourceRequirement } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { contentFor, type Given } from '../../../test/fixtures/task-definition-requests.ts';
import type { TaskOverrides } from '../task/task.ts';
import { requirementsOf, type TaskRequirements } from './task-requirements.ts';

interface Case {
  readonly what: string;
  readonly given: Given;
  readonly overrides?: Partial<TaskOverrides>;
  readonly wanted: Partial<TaskRequirements>;
}

function withGpu(requirement: Omit<ResourceRequirement, 'type'>): Given {
  const resourceRequirements = [{ type: 'GPU' as const, ...requirement }];
  return { containerDefinitions: [{ name: 'a', image: 'cuda', memory: 1, resourceRequirements }] };
}

const twoContainers: Given = {
  containerDefinitions: [
    { name: 'app', image: 'nginx', cpu: 100, memory: 300, memoryReservation: 200 },
    { name: 'log', image: 'fluentd', memory: 50, essential: false },
  ],
};

test.each<Case>([
  {
    what: 'the sums of its containers, the reservation before the limit',
    given: twoContainers,
    wanted: { cpuUnits: 100, memoryMiB: 250 },
  },
  {
    what: 'its own size where it has one',
    given: { ...twoContainers, cpu: '512', memory: '1024' },
    wanted: { cpuUnits: 512, memoryMiB: 1024 },
  },
  {
    what: 'the size that overrides its own',
    given: { ...twoContainers, cpu: '512' },
    overrides: { containerOverrides: [], cpu: '256', memory: '2048' },
    wanted: { cpuUnits: 256, memoryMiB: 2048 },
  },
  {
    what: 'what overrides of its containers say',
    given: twoContainers,
    overrides: { containerOverrides: [{ name: 'log', cpu: 10, memoryReservation: 20 }] },
    wanted: { cpuUnits: 110, memoryMiB: 220 },
  },
  {
    what: 'the ports of the host that are named, each once, by protocol',
    given: {
      containerDefinitions: [
        {
          name: 'app',
          image: 'nginx',
          memory: 1,
          portMappings: [
            { containerPort: 80, hostPort: 8080 },
            { containerPort: 81 },
            { containerPort: 82, hostPort: 0 },
            { containerPort: 53, hostPort: 53, protocol: 'udp' },
            { containerPort: 53, hostPort: 53, protocol: 'tcp' },
          ],
        },
      ],
    },
    wanted: { ports: [8080, 53], udpPorts: [53] },
  },
  {
    what: 'an interface and no ports where it has an address of its own',
    given: {
      networkMode: 'awsvpc',
      containerDefinitions: [
        { name: 'app', image: 'nginx', memory: 1, portMappings: [{ containerPort: 80 }] },
      ],
    },
    wanted: { ports: [], networkInterfaces: 1 },
  },
  {
    what: 'the GPUs of all its containers',
    given: {
      containerDefinitions: ['a', 'b'].map((name) => ({
        name,
        image: 'cuda',
        memory: 1,
        resourceRequirements: [{ type: 'GPU' as const, value: '2' }],
      })),
    },
    wanted: { gpuCount: 4, takesAllGpus: false },
  },
  {
    what: 'all GPUs that are free, and one at least, where a container asks for ALL',
    given: withGpu({ value: 'ALL' }),
    wanted: { gpuCount: 1, takesAllGpus: true },
  },
  {
    what: 'more GPUs than any instance has where it would share them, which none offers',
    given: withGpu({ sharingStrategy: { nvidiaMps: { memory: 1024 } } }),
    wanted: { gpuCount: Infinity },
  },
])('a task takes $what', ({ given, overrides, wanted }) => {
  const taken = requirementsOf(contentFor(given), { containerOverrides: [], ...overrides });
  expect(taken).toMatchObject(wanted);
});
