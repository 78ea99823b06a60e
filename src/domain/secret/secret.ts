import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';
import { invalidSecretParameter, invalidSecretRequest } from './secret-error.ts';

export const currentStage = 'AWSCURRENT';
export const previousStage = 'AWSPREVIOUS';

/** A secret of Secrets Manager, without its values. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  /** The key that the caller names; values are encrypted with the server's own. */
  readonly keyId?: string;
  readonly tags: readonly Tag[];
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
  readonly deletion?: Deletion;
}

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: Instant;
  readonly stages: readonly string[];
}

export interface Deletion {
  readonly deletedAt: Instant;
  /** From then on the secret is gone. */
  readonly goneAt: Instant;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;
const defaultWindowDays = 30;
const mostStages = 20;
/** Secrets Manager keeps about so many versions; those with a stage stay. */
const mostVersions = 100;

/**
 * A secret with a new version, to which its stages move (Secrets Manager User Guide, "Secret
 * versions"). What AWSCURRENT leaves becomes AWSPREVIOUS. The oldest versions without a stage go when there are
 * too many.
 */
export function withVersion(secret: Secret, added: SecretVersion): Secret {
  const moved = new Set(added.stages);
  const movesCurrent = moved.has(currentStage);
  const others = secret.versions.map((version) => {
    const wasCurrent = version.stages.includes(currentStage);
    const kept = version.stages.filter(
      (stage) => !moved.has(stage) && !(movesCurrent && stage === previousStage),
    );
    const stages = movesCurrent && wasCurrent ? [...kept, previousStage] : kept;
    return { ...version, stages };
  });
  const versions = withoutSurplus([...others, added]);
  return { ...secret, versions, changedAt: added.createdAt };
}

function withoutSurplus(versions: readonly SecretVersion[]): readonly SecretVersion[] {
  const surplus = versions.length - mostVersions;
  const idle = versions.filter(({ stages }) => stages.length === 0);
  const gone = new Set(idle.slice(0, Math.max(surplus, 0)));
  return versions.filter((version) => !gone.has(version));
}

/** @throws SecretError InvalidParameterException */
export function parseStages(given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [currentStage];
  const stages = [...new Set(given)];
  const areNamed = stages.every((stage) => stage.length >= 1 && stage.length <= 256);
  if (stages.length >= 1 && stages.length <= mostStages && areNamed) return stages;
  throw invalidSecretParameter(
    `A version has between 1 and ${mostStages} staging labels of 1 to 256 characters.`,
  );
}

/** The version that a caller asks for; undefined where there is none. */
export function findVersion(
  { versions }: Pick<Secret, 'versions'>,
  asked: { readonly id?: string | undefined; readonly stage?: string | undefined },
): SecretVersion | undefined {
  const { id, stage = id === undefined ? currentStage : undefined } = asked;
  return versions.find(
    (version) =>
      (id === undefined || version.id === id) &&
      (stage === undefined || version.stages.includes(stage)),
  );
}

export interface GivenDeletion {
  readonly RecoveryWindowInDays?: number | undefined;
  readonly ForceDeleteWithoutRecovery?: boolean | undefined;
}

/** @throws SecretError InvalidParameterException */
export function parseDeletion(given: GivenDeletion, now: Instant): Deletion {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced = false } = given;
  if (isForced) {
    if (days === undefined) return { deletedAt: now, goneAt: now };
    throw invalidSecretParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  const window = days ?? defaultWindowDays;
  if (!Number.isInteger(window) || window < 7 || window > 30) {
    throw invalidSecretParameter(
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
  return { deletedAt: now, goneAt: now + window * millisecondsPerDay };
}

/** A token names the version that it makes. @throws SecretError */
export function parseToken(token: string | undefined, fallback: string): string {
  if (token === undefined) return fallback;
  if (token.length >= 32 && token.length <= 64 && /^[\w.~+/=-]+$/.test(token)) return token;
  throw invalidSecretRequest(
    'You must provide a ClientRequestToken value of 32 to 64 characters. We recommend a UUID-type value.',
  );
}
