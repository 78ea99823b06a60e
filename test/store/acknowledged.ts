import {
  paginateListClusters,
  paginateListTaskDefinitions,
  type ECS,
  type Task,
} from '@aws-sdk/client-ecs';

/** What clients have been told, and so must find ever after. */
export class Acknowledged {
  readonly clusterArns = new Set<string>();
  /** What each revision was registered with, by its ARN. */
  readonly images = new Map<string, string>();
  /** By the ARN of a cluster: the last value that was written, and one that may have been. */
  readonly tags = new Map<string, { readonly told: string | undefined; readonly tried: string }>();
  /** The furthest version in which each task was shown. */
  readonly taskVersions = new Map<string, number>();
  readonly stopReasons = new Map<string, string>();

  sawTask({ taskArn = '', version = 0 }: Task): void {
    const before = this.taskVersions.get(taskArn) ?? 0;
    this.taskVersions.set(taskArn, Math.max(before, version));
  }
}

/** What a server has lost or mixed up, in words; nothing, where it kept its promises. */
export async function brokenPromises(ecs: ECS, told: Acknowledged): Promise<readonly string[]> {
  return [
    ...(await brokenClusters(ecs, told)),
    ...(await brokenDefinitions(ecs, told)),
    ...(await brokenTags(ecs, told)),
    ...(await brokenTasks(ecs, told)),
  ];
}

async function brokenClusters(ecs: ECS, { clusterArns }: Acknowledged): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListClusters({ client: ecs }, {}));
  const found = new Set(pages.flatMap((page) => page.clusterArns ?? []));
  return [...clusterArns].filter((arn) => !found.has(arn)).map((arn) => `${arn} is gone`);
}

/** No revision was ever deregistered, so that each family has all numbers from 1 on. */
async function brokenDefinitions(ecs: ECS, { images }: Acknowledged): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListTaskDefinitions({ client: ecs }, {}));
  const arns = pages.flatMap((page) => page.taskDefinitionArns ?? []);
  const broken: string[] = [];
  const latest = new Map<string, number>();
  for (const arn of arns) {
    const colon = arn.lastIndexOf(':');
    const [family, revision] = [arn.slice(0, colon), Number(arn.slice(colon + 1))];
    if (revision !== (latest.get(family) ?? 0) + 1) broken.push(`${arn} comes after a gap`);
    latest.set(family, revision);
  }
  const found = new Set(arns);
  const faults = await someAtATime([...images], async ([arn, image]) => {
    if (!found.has(arn)) return `${arn} is gone`;
    const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: arn });
    const shown = taskDefinition?.containerDefinitions?.[0]?.image;
    return shown === image ? undefined : `${arn} was registered with ${image} and has ${shown}`;
  });
  return [...broken, ...faults];
}

function brokenTags(ecs: ECS, { tags }: Acknowledged): Promise<string[]> {
  return someAtATime([...tags], async ([resourceArn, { told, tried }]) => {
    const { tags: found = [] } = await ecs.listTagsForResource({ resourceArn });
    const value = found[0]?.value;
    if (value === told || value === tried) return undefined;
    return `${resourceArn} is tagged ${value}, not ${told} or ${tried}`;
  });
}

const callsAtATime = 20;

async function someAtATime<Item>(
  items: readonly Item[],
  faultOf: (item: Item) => Promise<string | undefined>,
): Promise<string[]> {
  const faults: string[] = [];
  for (let from = 0; from < items.length; from += callsAtATime) {
    const found = await Promise.all(items.slice(from, from + callsAtATime).map(faultOf));
    faults.push(...found.filter((fault) => fault !== undefined));
  }
  return faults;
}

const tasksPerCall = 100;

async function brokenTasks(ecs: ECS, told: Acknowledged): Promise<string[]> {
  const broken: string[] = [];
  const arns = [...told.taskVersions.keys()];
  for (let from = 0; from < arns.length; from += tasksPerCall) {
    const asked = arns.slice(from, from + tasksPerCall);
    const { tasks = [], failures = [] } = await ecs.describeTasks({ tasks: asked });
    broken.push(...failures.map(({ arn, reason }) => `${arn} is ${reason}`));
    broken.push(...tasks.flatMap((task) => faultsOf(task, told)));
  }
  return broken;
}

function faultsOf(task: Task, { taskVersions, stopReasons }: Acknowledged): string[] {
  const { taskArn = '', version = 0, desiredStatus, stoppedReason } = task;
  const faults: string[] = [];
  const seen = taskVersions.get(taskArn) ?? 0;
  if (version < seen) faults.push(`${taskArn} went from version ${seen} to ${version}`);
  const reason = stopReasons.get(taskArn);
  if (reason === undefined) return faults;
  if (desiredStatus !== 'STOPPED' || stoppedReason !== reason) {
    faults.push(`${taskArn} was stopped: ${reason}, but is ${desiredStatus}: ${stoppedReason}`);
  }
  return faults;
}
