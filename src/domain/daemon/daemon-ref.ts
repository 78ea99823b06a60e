import {
  daemonArn,
  daemonDeploymentArn,
  daemonRevisionArn,
  isArn,
  parseOwnArn,
  type DaemonArn,
  type DaemonDeploymentArn,
  type DaemonRevisionArn,
  type Scope,
} from '../arn.ts';
import { unexpectedSeparators } from '../cluster/cluster-ref.ts';
import { invalidParameter } from '../errors.ts';

const namePattern = /^[a-zA-Z0-9_-]{1,255}$/;

/** @throws EcsError InvalidParameterException [inferred text] */
export function parseNewDaemonName(name: string | undefined): string {
  if (name !== undefined && namePattern.test(name)) return name;
  throw invalidParameter('Invalid daemon name.');
}

/** @throws EcsError InvalidParameterException for what is no ARN of a daemon */
export function parseDaemonArn(scope: Scope, text: string | undefined): DaemonArn {
  const [clusterName = '', name, ...rest] = pathOf(scope, 'daemon', text);
  if (name === undefined || rest.length > 0) throw unexpectedSeparators();
  return daemonArn(scope, clusterName, name);
}

export function parseDaemonDeploymentArn(scope: Scope, text: string): DaemonDeploymentArn {
  const { daemon, id } = partOf(scope, 'daemon-deployment', text);
  return daemonDeploymentArn(daemon, id);
}

export function parseDaemonRevisionArn(scope: Scope, text: string): DaemonRevisionArn {
  const { daemon, id } = partOf(scope, 'daemon-revision', text);
  return daemonRevisionArn(daemon, id);
}

/** What belongs to a daemon has the path of its ARN, and an id behind it. */
function partOf(scope: Scope, type: string, text: string) {
  const [clusterName = '', name = '', id, ...rest] = pathOf(scope, type, text);
  if (id === undefined || rest.length > 0) throw unexpectedSeparators();
  return { daemon: daemonArn(scope, clusterName, name), id };
}

/** [inferred text] */
function pathOf(scope: Scope, type: string, text: string | undefined): readonly string[] {
  if (!text || !isArn(text) || text.split(':').length < 6) {
    throw invalidParameter(`Invalid identifier: ${text ?? ''}`);
  }
  const { resourceType, path } = parseOwnArn(scope, text);
  if (resourceType !== type) throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  return path;
}
