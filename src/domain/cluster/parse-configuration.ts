import type {
  ClusterConfiguration,
  ExecuteCommandConfiguration,
  ExecuteCommandLogConfiguration,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { Cluster } from './cluster.ts';

/**
 * Checks a cluster's configuration and gives it back as it was: ECS fills in nothing. Whether the
 * log group, bucket or key exists shows only when it is used.
 * @throws EcsError InvalidParameterException
 */
export function parseConfiguration(
  given: ClusterConfiguration | undefined,
): ClusterConfiguration | undefined {
  if (given?.executeCommandConfiguration) checkExecuteCommand(given.executeCommandConfiguration);
  if (given) checkLengths(given);
  return given;
}

/** Names of keys, log groups, buckets and prefixes are all shorter than this. [inferred] */
const longestText = 2048;

function checkLengths(configuration: object): void {
  for (const [member, value] of Object.entries(configuration)) {
    if (typeof value === 'object') checkLengths(value);
    if (typeof value === 'string' && value.length > longestText) {
      throw invalidParameter(`${member} longer than ${longestText}.`);
    }
  }
}

function checkExecuteCommand({ logging, logConfiguration }: ExecuteCommandConfiguration): void {
  if (logging !== undefined && !['NONE', 'DEFAULT', 'OVERRIDE'].includes(logging)) {
    throw invalidParameter('logging should be one of [DEFAULT,NONE,OVERRIDE]');
  }
  if (logging === 'OVERRIDE') {
    if (!logConfiguration) throw missingLogConfiguration();
    checkLogConfiguration(logConfiguration);
  } else if (logConfiguration) {
    throw invalidParameter(
      "You must set logging to 'OVERRIDE' when you supply a log configuration",
    );
  }
}

function checkLogConfiguration(log: ExecuteCommandLogConfiguration): void {
  if (log.cloudWatchEncryptionEnabled && !log.cloudWatchLogGroupName) {
    throw missingTarget('cloudWatchEncryptionEnabled', 'cloudWatchLogGroupName');
  }
  if (log.s3EncryptionEnabled && !log.s3BucketName) {
    throw missingTarget('s3EncryptionEnabled', 's3BucketName');
  }
  if (!log.cloudWatchLogGroupName && !log.s3BucketName) throw missingLogConfiguration();
}

/** [inferred text] */
function missingLogConfiguration(): Error {
  return invalidParameter("You must supply a log configuration when you set logging to 'OVERRIDE'");
}

/** [inferred text] */
function missingTarget(flag: string, target: string): Error {
  return invalidParameter(`You must supply '${target}' when you set '${flag}'`);
}

/** The key for the ephemeral storage of the tasks to come; an empty one takes away the former. */
export function storageKeyOf({ configuration }: Pick<Cluster, 'configuration'>) {
  return configuration?.managedStorageConfiguration?.fargateEphemeralStorageKmsKeyId || undefined;
}
