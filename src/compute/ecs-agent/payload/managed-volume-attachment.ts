import { lastPathElement } from '../../../domain/arn.ts';
import type { ManagedVolume } from '../../../domain/task/managed-volume.ts';
import type { Task } from '../../../domain/task/task.ts';
import type { PayloadAttachment } from '../frames/payload-message.ts';
import { attachmentArnOf } from './attachment-arn.ts';

/**
 * A name that must be there and means nothing: the agent finds the device by its serial number, which is the volume's
 * id without the hyphen, and goes on with the name that it finds.
 */
const deviceName = '/dev/xvdba';

/**
 * A managed EBS volume as its task and the message before it have it. The agent refuses one without any of these
 * properties, and one with an empty value.
 */
export function volumeAttachmentOf({ arn }: Task, volume: ManagedVolume): PayloadAttachment {
  const { attachmentId, filesystemType, sizeGiB, volumeId, volumeName } = volume;
  return {
    attachmentArn: attachmentArnOf(arn, attachmentId),
    attachmentType: 'amazonebs',
    attachmentProperties: [
      { name: 'volumeId', value: volumeId },
      { name: 'volumeName', value: volumeName },
      { name: 'volumeSizeGib', value: String(sizeGiB) },
      { name: 'deviceName', value: deviceName },
      // A folder below /mnt/ecs/ebs, where the agent mounts it; it is the task's alone.
      { name: 'sourceVolumeHostPath', value: `${lastPathElement(arn)}_${volumeId}` },
      { name: 'fileSystem', value: filesystemType },
    ],
  };
}
