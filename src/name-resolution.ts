import { scopeKey, scopeOfArn, type ClusterArn, type TaskArn } from './domain/arn.ts';
import type { EcsAgentCompute } from './compute/ecs-agent/ecs-agent-compute.ts';
import type { Sight } from './dns/clients.ts';
import type { Resolver } from './dns/resolver.ts';
import type { CredentialsFile } from './protocol/credentials.ts';
import type { State } from './state/state.ts';

/** The resolver of private namespaces, and who asks it. */
export interface NameResolution {
  readonly resolver: Resolver;
  /** The task of our own compute whose interface has the address. */
  readonly taskAt: (address: string) => TaskArn | undefined;
}

export interface NameResolutionParts {
  readonly names?: NameResolution;
  /** Where there are none every signature is accepted, and whoever is on this machine may see all that there is. */
  readonly credentials: CredentialsFile | undefined;
  readonly containerInstanceOf?: ClusterArn | undefined;
}

/** Lets the resolver answer from the records, to each what its account and region has. */
export function serveNames(
  { names, credentials, containerInstanceOf }: NameResolutionParts,
  state: State,
  agents: EcsAgentCompute,
): void {
  const ofInstance: Sight | undefined = containerInstanceOf && {
    kind: 'Scope',
    scope: scopeOf(containerInstanceOf),
  };
  names?.resolver.serve({
    state,
    taskScopeAt: (address) => {
      const taskArn = names.taskAt(address);
      return taskArn && scopeOf(taskArn);
    },
    instanceScopeAt: (address) => agents.scopeAt(address),
    machineSight: credentials ? (ofInstance ?? { kind: 'Outside' }) : { kind: 'All' },
    ...(ofInstance && { bridgeSight: ofInstance }),
  });
}

function scopeOf(arn: string): string {
  return scopeKey(scopeOfArn(arn));
}
