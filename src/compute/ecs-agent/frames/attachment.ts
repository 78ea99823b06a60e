import { listOf, named, object, optional, text } from './frame.ts';

/** Something that comes with a task: a volume, Service Connect. Without its type the agent crashes. */
export const attachment = object({
  attachmentArn: named,
  attachmentType: named,
  attachmentProperties: optional(listOf(object({ name: named, value: text }))),
});
