import type {
  PayloadAttachment,
  PayloadTask,
} from '../../src/compute/ecs-agent/frames/payload-message.ts';

/**
 * Why the official agent (1.105.1) would refuse the attachments of a task, in its own words; undefined where it takes
 * them. Its sources: `agent/taskresource/volume/dockervolume_ebs.go`, `agent/api/serviceconnect`.
 */
export function attachmentTrouble(task: PayloadTask): string | undefined {
  for (const attachment of task.attachments ?? []) {
    const trouble = troubleOf(attachment);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function troubleOf(attachment: PayloadAttachment): string | undefined {
  const properties = propertiesOf(attachment);
  switch (attachment.attachmentType) {
    case 'amazonebs':
      return volumeTrouble(properties);
    default:
      return undefined;
  }
}

export function propertiesOf({
  attachmentProperties = [],
}: PayloadAttachment): ReadonlyMap<string, string> {
  return new Map(attachmentProperties.map(({ name, value }) => [name, value]));
}

/** Of the task; the message before it must have the other two as well. */
const requiredOfVolumes = ['volumeId', 'volumeName', 'sourceVolumeHostPath'];
export const requiredOfAnnouncements = [...requiredOfVolumes, 'volumeSizeGib', 'deviceName'];

function volumeTrouble(properties: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of properties) {
    if (value === '') {
      return `failed to parse task ebs attachment, encountered empty value for property: ${name}`;
    }
  }
  const missing = requiredOfVolumes.find((name) => !properties.has(name));
  return missing && `missing ${missing} in the EBS config`;
}
