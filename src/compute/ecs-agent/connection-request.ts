import type { VersionInfo } from '@aws-sdk/client-ecs';
import { parseArn, scopeKey, type ContainerInstanceArn, type Scope } from '../../domain/arn.ts';
import { parseContainerInstanceRef } from '../../domain/container-instance/container-instance-ref.ts';
import { clusterArn } from '../../domain/arn.ts';
import { EcsError } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';

/** What an agent says when it asks for one of its two websockets. */
export interface ConnectionRequest {
  readonly channel: 'acs' | 'tcs';
  readonly containerInstanceArn: ContainerInstanceArn;
  readonly versionInfo: VersionInfo;
  /** The agent has no credentials in memory: it has just started. */
  readonly wantsCredentials: boolean;
}

/**
 * Reads the address of an agent's request; undefined where it names no instance of the caller's own. The cluster that it
 * names too may be a bare name, and adds nothing to the instance's ARN.
 */
export function readConnectionRequest(url: string, scope: Scope): ConnectionRequest | undefined {
  const { pathname, searchParams } = new URL(url, 'http://longshore');
  const channel = pathname.split('/').find((part) => part === 'acs' || part === 'tcs');
  const instance =
    searchParams.get('containerInstanceArn') ?? searchParams.get('containerInstance');
  const containerInstanceArn = readInstanceArn(instance ?? '', scope);
  if (channel === undefined || containerInstanceArn === undefined) return undefined;
  return {
    channel,
    containerInstanceArn,
    wantsCredentials: searchParams.get('sendCredentials') === 'true',
    versionInfo: present({
      agentVersion: searchParams.get('agentVersion') ?? undefined,
      agentHash: searchParams.get('agentHash') ?? undefined,
      dockerVersion: searchParams.get('dockerVersion') ?? undefined,
    }),
  };
}

function readInstanceArn(text: string, scope: Scope): ContainerInstanceArn | undefined {
  try {
    const parsed = parseArn(text);
    if (scopeKey(parsed.scope) !== scopeKey(scope)) return undefined;
    return parseContainerInstanceRef(clusterArn(scope, parsed.path[0] ?? ''), text);
  } catch (error) {
    if (error instanceof EcsError) return undefined;
    throw error;
  }
}
