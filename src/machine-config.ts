import { ConfigError } from './config-error.ts';
import { isArn, parseArn, partitionOf, type ClusterArn } from './domain/arn.ts';
import { parseClusterRef } from './domain/cluster/cluster-ref.ts';
import { defaultAccountId, defaultRegion } from './protocol/caller.ts';

/** A name is that of a cluster in the account and region of callers who say neither. */
export function parseContainerInstance(text: string | undefined): ClusterArn | undefined {
  if (text === undefined) return undefined;
  const byDefault = {
    partition: partitionOf(defaultRegion),
    region: defaultRegion,
    accountId: defaultAccountId,
  };
  try {
    return parseClusterRef(isArn(text) ? parseArn(text).scope : byDefault, text);
  } catch (cause) {
    throw new ConfigError(
      `--container-instance takes the name or the ARN of a cluster, but was ${text}`,
      { cause },
    );
  }
}

/** Says something of the container instance, and so of nothing where there is none. */
export function parseCapacityProvider(
  name: string | undefined,
  cluster: string | undefined,
): string | undefined {
  if (name === undefined) return undefined;
  if (cluster === undefined) {
    throw new ConfigError('--capacity-provider says something of --container-instance only.');
  }
  if (/^[a-zA-Z0-9_-]{1,255}$/.test(name)) return name;
  throw new ConfigError(`--capacity-provider takes the name of one, but was ${name}`);
}
