import { splitArn, type ArnParts, type Scope } from '../arn.ts';
import { clientError, EcsError, invalidParameter } from '../errors.ts';

/** Someone who may have account settings of its own: the root user, a user, or a role. */
export interface Principal {
  /** `root`, `user/NAME` or `role/NAME`: names are unique in an account, whatever their paths. */
  readonly key: string;
  readonly arn: string;
}

/** Root's own settings are the defaults of the account. */
export const rootKey = 'root';

export function rootPrincipal({ partition, accountId }: Scope): Principal {
  return { key: rootKey, arn: `arn:${partition}:iam::${accountId}:root` };
}

/** Who asks, whom for, and what for. */
export interface PrincipalRequest {
  readonly scope: Scope;
  readonly callerArn: string;
  /** Whose settings the request names; nothing means the caller's. */
  readonly principalArn: string | undefined;
  readonly action: string;
}

/**
 * Whose settings a request is about. Only root may name another principal than itself.
 * @returns undefined where the caller can have no settings of its own, such as a federated user
 * @throws EcsError for an ARN that is malformed, or not the caller's to name
 */
export function requestedPrincipal(request: PrincipalRequest): Principal | undefined {
  const { scope, callerArn, principalArn, action } = request;
  const caller = principalOfCaller(callerArn);
  if (principalArn === undefined || principalArn === '') return caller;
  const parts = splitArn(principalArn);
  const named = principalOf(principalArn, parts);
  if (!named) throw invalidPrincipal();
  const isOwn = parts.accountId === scope.accountId;
  if (isOwn && (caller?.key === rootKey || caller?.key === named.key)) return named;
  throw accessDenied(callerArn, action);
}

/** The same for requests that write. @throws EcsError also where the caller can have no settings */
export function requirePrincipal(request: PrincipalRequest): Principal {
  const principal = requestedPrincipal(request);
  if (!principal) throw withoutSettings();
  return principal;
}

/** A session counts as its role. Whoever is neither root, user nor role has root's settings. */
export function principalOfCaller(callerArn: string): Principal | undefined {
  return callerArn.split(':').length < 6 ? undefined : principalOf(callerArn, splitArn(callerArn));
}

function principalOf(arn: string, parts: ArnParts): Principal | undefined {
  const { partition, service, accountId, resource } = parts;
  const [kind, ...path] = resource.split('/');
  if (service === 'iam' && resource === 'root') return { key: rootKey, arn };
  const name = path.at(-1);
  if (service === 'iam' && (kind === 'user' || kind === 'role') && name) {
    return { key: `${kind}/${name}`, arn };
  }
  const [role] = path;
  if (service === 'sts' && kind === 'assumed-role' && role) {
    return { key: `role/${role}`, arn: `arn:${partition}:iam::${accountId}:role/${role}` };
  }
  return undefined;
}

function accessDenied(callerArn: string, action: string): EcsError {
  return new EcsError(
    'AccessDeniedException',
    `User: ${callerArn} is not authorized to perform: ecs:${action} on resource: * because no ` +
      `identity-based policy allows the ecs:${action} action`,
  );
}

/** [inferred text] */
function invalidPrincipal(): EcsError {
  return invalidParameter('The principal ARN must be that of a user, a role, or the root user.');
}

/** [inferred text] */
function withoutSettings(): EcsError {
  return clientError('Federated users cannot have account settings of their own.');
}
