import { frame, object, optional, text } from './frame.ts';

/** One for each set of credentials, whether it came by itself or in a payload. */
export const iamRoleCredentialsAckRequest = frame(
  'IAMRoleCredentialsAckRequest',
  object({ messageId: text, credentialsId: text, expiration: optional(text) }),
);
