import { invalidSecretParameter, noSuchSecretValue } from './secret-error.ts';
import { currentStage, findVersion, previousStage, type Secret } from './secret.ts';

/** A staging label that is to leave a version, to be on another one, or both. */
export interface StageMove {
  readonly stage: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * A secret with a staging label moved (Secrets Manager API reference, "UpdateSecretVersionStage"). AWSPREVIOUS goes with
 * AWSCURRENT to the version that this leaves.
 * @throws SecretError
 */
export function withMovedStage(secret: Secret, move: StageMove): Secret {
  const { stage, from, to } = move;
  const holder = secret.versions.find(({ stages }) => stages.includes(stage))?.id;
  if (holder === to && from === undefined) return secret;
  checkMove(secret, move, holder);
  const leaves = new Set([stage, ...(stage === currentStage ? [previousStage] : [])]);
  const versions = secret.versions.map((version) => {
    const stages = version.stages.filter((one) => !leaves.has(one));
    if (version.id === to) stages.push(stage);
    else if (version.id === holder && stage === currentStage) stages.push(previousStage);
    return { ...version, stages };
  });
  return { ...secret, versions };
}

function checkMove(
  secret: Secret,
  { stage, from, to }: StageMove,
  holder: string | undefined,
): void {
  const missing = [from, to].find((id) => id !== undefined && !findVersion(secret, { id }));
  if (missing !== undefined) throw noSuchSecretValue(`VersionId: ${missing}`);
  if (from !== undefined && from !== holder) throw notAttached(stage, from);
  if (to === undefined && stage === currentStage) throw currentStays();
  if (from === undefined && holder !== undefined) throw holderIsToBeNamed(stage, holder);
}

function notAttached(stage: string, id: string): Error {
  return invalidSecretParameter(
    `The staging label ${stage} is currently not attached to version ${id}.`, // [inferred wording]
  );
}

function currentStays(): Error {
  return invalidSecretParameter(
    `You can only move staging label ${currentStage} to a different secret version. It can\u2019t be completely removed.`,
  );
}

function holderIsToBeNamed(stage: string, holder: string): Error {
  return invalidSecretParameter(
    `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ` +
      `${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
}
