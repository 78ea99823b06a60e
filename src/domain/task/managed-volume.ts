import type {
  EBSTagSpecification,
  TaskManagedEBSVolumeConfiguration,
  TaskVolumeConfiguration,
} from '@aws-sdk/client-ecs';
import { clientError, EcsError, invalidParameter } from '../errors.ts';
import { parseTags } from '../tags.ts';
import type { TaskDefinition, TaskDefinitionContent } from '../task-definition/task-definition.ts';
import type { Task } from './task.ts';

export type FilesystemType = 'ext3' | 'ext4' | 'xfs';

/** A managed EBS volume as RunTask or a service asks for it. */
export interface ManagedVolumeSpec {
  /** Its name in the task definition. */
  readonly volumeName: string;
  readonly roleArn: string;
  readonly sizeGiB: number;
  readonly filesystemType: FilesystemType;
  readonly deletesOnTermination: boolean;
}

/** A managed EBS volume of a task. How far it is follows from the task, and from what an agent says of it. */
export interface ManagedVolume extends ManagedVolumeSpec {
  readonly attachmentId: string;
  readonly volumeId: string;
  /** Set once the agent of the task's container instance has found it. */
  readonly isFound?: true;
}

/**
 * Takes what the request says of the volume that the definition leaves open.
 * @param refuse makes the error for another volume: operations differ in its code
 * @throws EcsError
 */
export function parseVolumeConfigurations(
  given: readonly TaskVolumeConfiguration[] | undefined,
  { content }: TaskDefinition,
  refuse: (message: string) => EcsError = clientError,
): ManagedVolumeSpec | undefined {
  const open = content.volumes.find((volume) => volume.configuredAtLaunch);
  const unknown = given?.find(({ name = '' }) => name !== open?.name);
  if (unknown) throw refuse(notOpen(unknown.name ?? '', content));
  if (!open) return undefined;
  const [configuration] = given ?? [];
  if (!configuration) throw missingConfiguration();
  const { managedEBSVolume } = configuration;
  if (!managedEBSVolume || given?.length !== 1) throw invalidVolume('MissingParameter');
  return parseManagedVolume(open.name ?? '', managedEBSVolume);
}

function parseManagedVolume(
  volumeName: string,
  given: TaskManagedEBSVolumeConfiguration,
): ManagedVolumeSpec {
  const { encrypted, filesystemType = 'xfs', kmsKeyId, roleArn, sizeInGiB, snapshotId } = given;
  if (snapshotId) throw notInThisRelease('makes managed EBS volumes that are empty');
  if (encrypted || kmsKeyId)
    throw notInThisRelease('makes managed EBS volumes that are not encrypted');
  if (filesystemType === 'ntfs') throw notInThisRelease('makes file systems of Linux');
  if (!isFilesystemType(filesystemType)) throw invalidVolume('InvalidParameterValue');
  if (!roleArn || sizeInGiB === undefined) throw invalidVolume('MissingParameter');
  checkVolumeType(given, sizeInGiB);
  given.tagSpecifications?.forEach(checkTagSpecification);
  return {
    volumeName,
    roleArn,
    sizeGiB: sizeInGiB,
    filesystemType,
    deletesOnTermination: given.terminationPolicy?.deleteOnTermination ?? true,
  };
}

function isFilesystemType(text: string): text is FilesystemType {
  return text === 'ext3' || text === 'ext4' || text === 'xfs';
}

type Range = readonly [least: number, most: number];

interface VolumeType {
  readonly sizes: Range;
  /** Absent where they cannot be chosen. */
  readonly iops?: Range;
  readonly needsIops?: true;
}

const throughputs: Range = [125, 1_000];

/** API reference, "TaskManagedEBSVolumeConfiguration". */
const volumeTypes: ReadonlyMap<string, VolumeType> = new Map([
  ['gp2', { sizes: [1, 16_384] }],
  ['gp3', { sizes: [1, 16_384], iops: [3_000, 16_000] }],
  ['io1', { sizes: [4, 16_384], iops: [100, 64_000], needsIops: true }],
  ['io2', { sizes: [4, 16_384], iops: [100, 256_000], needsIops: true }],
  ['sc1', { sizes: [125, 16_384] }],
  ['st1', { sizes: [125, 16_384] }],
  ['standard', { sizes: [1, 1_024] }],
]);

function checkVolumeType(given: TaskManagedEBSVolumeConfiguration, sizeGiB: number): void {
  const { volumeType = 'gp3', iops, throughput } = given;
  const type = volumeTypes.get(volumeType);
  if (!type || !isWithin(sizeGiB, type.sizes)) throw invalidVolume('InvalidParameterValue');
  if (type.needsIops && iops === undefined) throw invalidVolume('MissingParameter');
  checkChosen(iops, type.iops);
  checkChosen(throughput, volumeType === 'gp3' ? throughputs : undefined);
  // It is the pace at which a snapshot is read.
  checkChosen(given.volumeInitializationRate, undefined);
}

/** @param range undefined where nothing can be chosen */
function checkChosen(chosen: number | undefined, range: Range | undefined): void {
  if (chosen === undefined) return;
  if (!range) throw invalidVolume('InvalidParameterCombination');
  if (!isWithin(chosen, range)) throw invalidVolume('InvalidParameterValue');
}

/** The tags would be EC2's, and nothing shows them: they are only checked. */
function checkTagSpecification({ resourceType, tags, propagateTags }: EBSTagSpecification): void {
  if (resourceType !== 'volume') throw invalidVolume('InvalidParameterValue');
  const sources: readonly string[] = ['NONE', 'SERVICE', 'TASK_DEFINITION'];
  if (propagateTags && !sources.includes(propagateTags)) {
    throw invalidVolume('InvalidParameterValue');
  }
  parseTags(tags);
}

function isWithin(amount: number, [least, most]: Range): boolean {
  return Number.isInteger(amount) && amount >= least && amount <= most;
}

export function newManagedVolume(spec: ManagedVolumeSpec, newUuid: () => string): ManagedVolume {
  const digits = newUuid().replaceAll('-', '').slice(0, 16);
  return { ...spec, attachmentId: newUuid(), volumeId: `vol-0${digits}` };
}

/** `details` of the attachment that a task shows for its volume, and how far it is. */
export function managedVolumeAttachment(task: Task, volume: ManagedVolume) {
  const status = statusOf(task, volume);
  return {
    id: volume.attachmentId,
    type: 'AmazonElasticBlockStorage',
    status,
    details: [
      { name: 'roleArn', value: volume.roleArn },
      { name: 'deleteOnTermination', value: String(volume.deletesOnTermination) },
      { name: 'volumeName', value: volume.volumeName },
      ...(status === 'PRECREATED' ? [] : [{ name: 'volumeId', value: volume.volumeId }]),
    ],
  };
}

/** Whether the agent that is to run the task has yet to find its volume. */
export function awaitsVolume({ lastStatus, managedVolume }: Task): boolean {
  return lastStatus === 'PROVISIONING' && managedVolume !== undefined && !managedVolume.isFound;
}

/**
 * A task is not connected before its volume is attached, unless it was told to stop before. Where it will be attached
 * is known of a task on a container instance from the start.
 */
function statusOf(task: Task, { isFound }: ManagedVolume): string {
  const { connectivityAt, containerInstanceArn, lastStatus, stoppingAt = Infinity } = task;
  if (lastStatus === 'STOPPED') return 'DELETED';
  const isConnected = connectivityAt !== undefined && connectivityAt <= stoppingAt;
  if (!isConnected && !isFound) {
    return containerInstanceArn === undefined ? 'PRECREATED' : 'ATTACHING';
  }
  return lastStatus === 'DEPROVISIONING' ? 'DETACHING' : 'ATTACHED';
}

function notOpen(volumeName: string, { volumes }: TaskDefinitionContent): string {
  if (volumes.some(({ name }) => name === volumeName)) {
    return 'Volume configuration provided but no matching configuredAtLaunch volume found in task definition.';
  }
  return (
    `The volume name '${volumeName}' in your request does not have a matching volume in your Task ` +
    'Definition that is configurable at launch.'
  );
}

/** [inferred text] */
function missingConfiguration(): EcsError {
  return invalidParameter(
    'The task definition is configured to use a volume at launch but the request does not include ' +
      'a volume configuration.',
  );
}

/** Only the beginning has been seen; behind it comes EC2's code. [inferred end] */
function invalidVolume(code: string): EcsError {
  return invalidParameter(`ECS managed EBS volume configuration was invalid: ${code}`);
}

function notInThisRelease(does: string): EcsError {
  return new EcsError('UnsupportedFeatureException', `This release of Longshore ${does} only.`);
}
