import { frame, named, object, oneOf, optional, text } from './frame.ts';
import { roleCredentials } from './role-credentials.ts';

/** Gives the agent new credentials of a task's role. For a task that it does not know it says nothing. */
export const iamRoleCredentialsMessage = frame(
  'IAMRoleCredentialsMessage',
  object({
    messageId: named,
    taskArn: named,
    taskClusterArn: optional(text),
    roleType: oneOf('TaskApplication', 'TaskExecution'),
    roleCredentials,
  }),
);
