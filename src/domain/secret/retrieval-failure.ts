/**
 * Why a task's configuration could not be had. Fargate tells it in other words than the ECS agent on
 * an instance does.
 */
export interface RetrievalFailure {
  readonly onFargate: string;
  readonly onInstance: string;
}

/** What a call to AWS, or to what stands in for it, came to. */
export type CallFailure =
  /** An answer: the error's code and message. */
  | { readonly kind: 'Refused'; readonly text: string }
  /** No answer: what the network said. */
  | { readonly kind: 'Unreachable'; readonly text: string };

const cannotPull = 'unable to pull secrets or registry auth: ';
const failedRetrieval = `${cannotPull}execution resource retrieval failed: `;
const retried = 'service call has been retried 1 time(s): ';

function failure(onFargate: string, onInstance: string): RetrievalFailure {
  const error = 'ResourceInitializationError: ';
  return { onFargate: error + onFargate, onInstance: error + onInstance };
}

/** A secret whose reference or value is at fault. */
export function unusableSecret(reason: string): RetrievalFailure {
  return failure(
    `${failedRetrieval}unable to retrieve secret from asm: ${retried}${reason}`,
    reason,
  );
}

/** A secret that could not be read. */
export function unreadSecret(id: string, { kind, text }: CallFailure): RetrievalFailure {
  const fetched = `failed to fetch secret ${id} from secrets manager: ${text}`;
  if (kind === 'Refused')
    return { ...unusableSecret(fetched), ...onInstance(missingSecret(id, text)) };
  return failure(
    `${cannotPull}unable to retrieve secret from asm: There is a connection issue between the task and ` +
      `AWS Secrets Manager. Check your task network configuration. ${fetched}`,
    `secret ${id}: ${text}: ${text}`,
  );
}

function onInstance(reason: string): Pick<RetrievalFailure, 'onInstance'> {
  return { onInstance: `ResourceInitializationError: ${reason}` };
}

function missingSecret(id: string, text: string): string {
  if (!text.startsWith('ResourceNotFoundException:')) return `secret ${id}: ${text}: ${text}`;
  return (
    `secret ${id}: ResourceNotFoundException: The task can't retrieve the secret with ARN '${id}' from ` +
    `AWS Secrets Manager. Check whether the secret exists in the specified Region: ${text}`
  );
}

/** Credentials of a registry that are no use. */
export function unusableCredentials(reason: string): RetrievalFailure {
  const { onFargate } = unusableSecret(reason);
  return { onFargate, onInstance: `CannotPullContainerAuthError: ${reason}` };
}

/** Credentials of a registry that could not be read. */
export function unreadCredentials(id: string, failed: CallFailure): RetrievalFailure {
  const { onFargate } = unreadSecret(id, failed);
  const fetching = `asm fetching secret from the service for ${id}: ${failed.text}`;
  return { onFargate, onInstance: `CannotPullContainerAuthError: ${fetching}` };
}

/** A token for a registry of ECR that could not be had. */
export function unreadToken({ kind, text }: CallFailure): RetrievalFailure {
  const fargate =
    kind === 'Refused'
      ? `${failedRetrieval}unable to retrieve ecr registry auth: ${retried}${text}`
      : `${cannotPull}The task cannot pull registry auth from Amazon ECR: There is a connection issue between the ` +
        `task and Amazon ECR. Check your task network configuration. ${text}`;
  return { ...failure(fargate, text), onInstance: `CannotPullECRContainerError: ${text}` };
}

/** Parameters of which there are none. */
export function invalidParameters(region: string, names: readonly string[]): RetrievalFailure {
  return unreadParameters(region, {
    kind: 'Refused',
    text: `invalid parameters: ${names.join(',')}`,
  });
}

/** Parameters that could not be read. [the words of an unreachable Parameter Store are inferred] */
export function unreadParameters(region: string, { kind, text }: CallFailure): RetrievalFailure {
  const fetched = `fetching secret data from SSM Parameter Store in ${region}: ${text}`;
  const fargate =
    kind === 'Refused'
      ? `${failedRetrieval}unable to retrieve secrets from ssm: ${retried}${fetched}`
      : `${cannotPull}unable to retrieve secrets from ssm: There is a connection issue between the task and ` +
        `AWS Systems Manager Parameter Store. Check your task network configuration. ${fetched}`;
  return failure(fargate, fetched);
}

/** No variable can hold it, and the error of whoever tries would show it. [inferred wording] */
export function valueHasNul(name: string): RetrievalFailure {
  const reason = `the value of ${name} contains a NUL character, which an environment variable cannot hold`;
  return failure(failedRetrieval + reason, reason);
}

/** [inferred wording] */
export function binarySecret(id: string): RetrievalFailure {
  return unusableSecret(`the secret ${id} is binary: only those with a SecretString are supported`);
}
