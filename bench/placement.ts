import { attributeValues } from '../src/domain/container-instance/container-instance.ts';
import { PlacementIndex } from '../src/domain/placement/placement-index.ts';
import type { PlacementSpec } from '../src/domain/placement/placement-spec.ts';
import type { PlacementStrategy } from '../src/domain/placement/placement-strategy.ts';
import type { Reservation } from '../src/domain/placement/reservation.ts';
import { aContainerInstance, aPlacementSpec } from '../test/fixtures/container-instances.ts';
import { Calibration } from './calibration.ts';
import { PlainScan, type GroupTasks, type PlainInstance, type Workload } from './plain-scan.ts';
import type { Metric, Pair } from './report.ts';

const limits = { must: 30 };
const instanceCount = 5000;
const taskCount = 100_000;
/** The scan is slow, and its rate does not change with what is placed. */
const scannedTasks = 1000;
/** Every so many of ours is held against what a scan of the same cluster finds. */
const checkedEvery = 100;
const groupCount = 50;

const capability = 'com.amazonaws.ecs.capability.docker-remote-api.1.24';
const shapes = [
  { cpuUnits: 128, memoryMiB: 256 },
  { cpuUnits: 256, memoryMiB: 512 },
  { cpuUnits: 512, memoryMiB: 1024 },
  { cpuUnits: 256, memoryMiB: 2048 },
];
const overZones: PlacementStrategy = { type: 'spread', attribute: 'ecs.availability-zone' };
const all = (): boolean => true;
const anything = { memberOf: [], distinctInstance: false };

function spreadRank({ zone, tasksByGroup }: PlainInstance, { group, byZone }: GroupTasks): number {
  return (byZone.get(zone) ?? 0) * taskCount + (tasksByGroup.get(group) ?? 0);
}

const workloads: readonly Workload[] = [
  {
    name: 'random',
    spec: { ...anything, strategy: [{ type: 'random' }] },
    isMember: all,
    rank: () => 0,
  },
  {
    name: 'spread over zones, then instances',
    spec: { ...anything, strategy: [overZones, { type: 'spread' }] },
    isMember: all,
    rank: spreadRank,
  },
  {
    name: 'binpack on memory',
    spec: { ...anything, strategy: [{ type: 'binpack', field: 'memory' }] },
    isMember: all,
    rank: ({ memoryMiB }) => memoryMiB,
  },
  {
    name: 'binpack on cpu, memberOf two thirds',
    spec: {
      ...anything,
      memberOf: ["attribute:ecs.instance-type =~ '[mr]5.*'"],
      strategy: [{ type: 'binpack', field: 'cpu' }],
    },
    isMember: ({ type }) => type !== 'c5.4xlarge',
    rank: ({ cpuUnits }) => cpuUnits,
  },
  {
    name: 'distinctInstance, spread over zones',
    spec: { ...anything, distinctInstance: true, strategy: [overZones] },
    isMember: all,
    rank: ({ zone }, { byZone }) => byZone.get(zone) ?? 0,
  },
];

/** P6: tasks placed on a large cluster, against a scan of all instances for each. */
export function measurePlacement(rounds: number): Promise<Metric> {
  const calibration = new Calibration();
  const wrong = workloads.reduce((sum, workload) => sum + wrongChoices(workload), 0);
  const pairs = workloads.map((): Pair[] => []);
  for (let round = 0; round < rounds; round += 1) {
    calibration.measure();
    for (const [i, workload] of workloads.entries()) {
      pairs[i]?.push({ ours: placeAll(workload), floor: scanSome(workload) });
    }
  }
  return Promise.resolve({
    name: `Placement (P6): ${taskCount} tasks of ${groupCount} services, ${instanceCount} instances`,
    rows: workloads.map(({ name }, i) => ({
      name,
      floorName: 'scan for each task',
      unit: '1/s' as const,
      pairs: pairs[i] ?? [],
      ...limits,
    })),
    counts: [{ name: 'Choices that a scan finds worse', value: wrong, expected: 0 }],
    notes: [
      'A release must place 300,000 tasks a second on a quiet machine; 1,000,000 is the aim.',
    ],
    quietness: calibration.result(),
  });
}

function placeAll(workload: Workload): number {
  const index = anIndex();
  const specs = specsOf(workload);
  const kept: Reservation[] = [];
  // What a group asks is worked out when it places its first task, which is not what is timed.
  for (const spec of specs) place(index, spec, kept);
  const startedAt = performance.now();
  for (let i = 0; i < taskCount; i += 1) place(index, specAt(specs, i), kept);
  return (taskCount / (performance.now() - startedAt)) * 1000;
}

function place(index: PlacementIndex, spec: PlacementSpec, kept: Reservation[]): void {
  const placement = index.place(spec);
  if (placement.kind === 'Placed') kept.push(placement.reservation);
}

function scanSome(workload: Workload): number {
  const scan = new PlainScan(plainInstances(), workload);
  const specs = specsOf(workload);
  const startedAt = performance.now();
  for (let i = 0; i < scannedTasks; i += 1) {
    const spec = specAt(specs, i);
    const instance = scan.best(spec);
    if (instance) scan.take(instance, spec);
  }
  return (scannedTasks / (performance.now() - startedAt)) * 1000;
}

/** Places all tasks once, and counts the checked ones that a scan would have placed better. */
function wrongChoices(workload: Workload): number {
  const index = anIndex();
  const scan = new PlainScan(plainInstances(), workload);
  const specs = specsOf(workload);
  let wrong = 0;
  for (let i = 0; i < taskCount; i += 1) {
    const spec = specAt(specs, i);
    const placement = index.place(spec);
    const arn = placement.kind === 'Placed' ? placement.reservation.instanceArn : '';
    const instance = scan.instances[Number.parseInt(arn.slice(-8), 16)];
    if (i % checkedEvery === 0 && !scan.isBest(instance, spec)) wrong += 1;
    if (instance) scan.take(instance, spec);
    else wrong += 1; // There is room for all.
  }
  return wrong;
}

const instances = Array.from({ length: instanceCount }, (_, id) =>
  aContainerInstance({
    id,
    registeredResources: { cpuUnits: 16_384, memoryMiB: 65_536 },
    attributes: {
      [capability]: '',
      'ecs.availability-zone': `us-east-1${'abc'.charAt(id % 3)}`,
      'ecs.instance-type': `${'mcr'.charAt(Math.floor(id / 3) % 3)}5.4xlarge`,
    },
  }),
);

function anIndex(): PlacementIndex {
  const index = new PlacementIndex(Math.random);
  for (const instance of instances) index.add(instance);
  return index;
}

function plainInstances(): readonly PlainInstance[] {
  return instances.map((instance) => {
    const attributes = attributeValues(instance);
    return {
      zone: attributes.get('ecs.availability-zone') ?? '',
      type: attributes.get('ecs.instance-type') ?? '',
      capabilities: new Set(attributes.keys()),
      cpuUnits: instance.registeredResources.cpuUnits,
      memoryMiB: instance.registeredResources.memoryMiB,
      tasksByGroup: new Map(),
    };
  });
}

function specsOf({ spec }: Workload): readonly PlacementSpec[] {
  return Array.from({ length: groupCount }, (_, group) =>
    aPlacementSpec({
      ...spec,
      group: `service:s${group}`,
      requirements: shapes[group % shapes.length] ?? {},
      requiredAttributes: [capability],
    }),
  );
}

function specAt(specs: readonly PlacementSpec[], i: number): PlacementSpec {
  return specs[i % specs.length] ?? aPlacementSpec();
}
