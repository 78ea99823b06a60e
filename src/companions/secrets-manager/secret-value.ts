import { hidden } from '../../domain/model-constraint.ts';
import { invalidSecretParameter, secretConstraint } from '../../domain/secret/secret-error.ts';

const mostBytes = 65_536;

/** A value as it is kept. */
export interface SecretContent {
  /** Bytes are in base64. */
  readonly value: string;
  readonly isBinary: boolean;
}

interface GivenContent {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/**
 * The value of a request; undefined where it has none.
 * @throws SecretError
 */
export function parseContent(given: GivenContent): SecretContent | undefined {
  const { SecretString: text, SecretBinary: bytes } = given;
  if (text !== undefined && bytes !== undefined) throw bothGiven();
  if (text !== undefined) {
    checkSize('secretString', Buffer.byteLength(text));
    return { value: text, isBinary: false };
  }
  if (bytes === undefined) return undefined;
  checkSize('secretBinary', bytes.byteLength);
  return { value: Buffer.from(bytes).toString('base64'), isBinary: true };
}

function checkSize(member: string, size: number): void {
  if (size < 1) throw secretConstraint(member, hidden, 'have length greater than or equal to 1');
  if (size <= mostBytes) return;
  throw secretConstraint(member, hidden, `have length less than or equal to ${mostBytes}`);
}

function bothGiven(): Error {
  return invalidSecretParameter(
    "You can't specify both a binary secret value and a string secret value in the same secret.",
  );
}
