import type { Volume } from '@aws-sdk/client-ecs';
import { lastPathElement } from '../../../domain/arn.ts';
import type { PayloadAttachment } from '../frames/payload-message.ts';
import { attachmentArnOf } from './attachment-arn.ts';

/** A volume of S3 Files, which the agent mounts with the credentials of the task's role; undefined for another one. */
export function fileSystemAttachmentOf(
  taskArn: string,
  { name = '', s3filesVolumeConfiguration: given }: Volume,
): PayloadAttachment | undefined {
  if (!given) return undefined;
  const { accessPointArn, fileSystemArn = '', rootDirectory, transitEncryptionPort } = given;
  const properties = [
    ['volumeId', lastPathElement(fileSystemArn)],
    ['volumeName', name],
    ['s3FilesRootDirectory', rootDirectory],
    ['s3FilesTransitEncryptionPort', transitEncryptionPort?.toString()],
    ['s3FilesAccessPointId', accessPointArn && lastPathElement(accessPointArn)],
  ] as const;
  return {
    attachmentArn: attachmentArnOf(taskArn, name),
    attachmentType: 's3files',
    // The agent refuses a property without a value.
    attachmentProperties: properties.flatMap(([property, value]) =>
      value ? [{ name: property, value }] : [],
    ),
  };
}
