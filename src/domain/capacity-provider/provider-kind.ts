import type { LaunchType } from '../task/task.ts';
import type { CapacityProvider } from './capacity-provider.ts';

/** Providers that exist in every account without having been created. */
export const builtInCapacityProviders = ['FARGATE', 'FARGATE_SPOT'] as const;
export type BuiltInCapacityProvider = (typeof builtInCapacityProviders)[number];

export function isBuiltInCapacityProvider(name: string): name is BuiltInCapacityProvider {
  return name === 'FARGATE' || name === 'FARGATE_SPOT';
}

/** What a strategy may not mix. */
export type ProviderKind = 'FARGATE' | CapacityProvider['type'];

/** Finds a provider that someone created in the account and region, INACTIVE ones too. */
export type FindCapacityProvider = (name: string) => CapacityProvider | undefined;

/** @returns undefined for a provider that does not exist, or no longer */
export function kindOf(name: string, find: FindCapacityProvider): ProviderKind | undefined {
  if (isBuiltInCapacityProvider(name)) return 'FARGATE';
  const provider = find(name);
  return provider?.status === 'INACTIVE' ? undefined : provider?.type;
}

/** The launch type that the tasks of a provider show. */
export function launchTypeOf(name: string | undefined, find: FindCapacityProvider): LaunchType {
  const kind = name === undefined ? undefined : kindOf(name, find);
  return kind === undefined || kind === 'EC2_AUTOSCALING' ? 'EC2' : kind;
}
