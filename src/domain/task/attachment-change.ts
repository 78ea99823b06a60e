import type { AttachmentStateChange } from '@aws-sdk/client-ecs';
import { isArn, parseArn, scopeOfArn, type Scope } from '../arn.ts';
import { invalidParameter } from '../errors.ts';

/** What an agent submits of something that is attached to its instance. */
export interface AttachmentChange {
  readonly attachmentId: string;
  readonly scope: Scope;
  readonly isAttached: boolean;
}

/** @throws EcsError InvalidParameterException with an [inferred text] */
export function parseAttachmentChange(input: AttachmentStateChange): AttachmentChange {
  const { attachmentArn = '', status } = input;
  if (!isArn(attachmentArn) || parseArn(attachmentArn).resourceType !== 'attachment') {
    throw invalidParameter('Invalid attachmentArn.');
  }
  return {
    attachmentId: parseArn(attachmentArn).path.at(-1) ?? '',
    scope: scopeOfArn(attachmentArn),
    isAttached: status === 'ATTACHED',
  };
}
