import type { CallFailure } from '../domain/secret/retrieval-failure.ts';

/** An object is larger than what is taken. */
export class ObjectTooLarge extends Error {
  override readonly name = 'ObjectTooLarge';
}

/** An answer has not what was asked for. */
export class AnswerMissing extends Error {
  override readonly name = 'AnswerMissing';
}

/**
 * What a call came to. Errors in which the SDK cannot read an answer may show a piece of it, so only those that are
 * the service's own are told in full.
 */
export function callFailureOf(error: unknown): CallFailure {
  if (!(error instanceof Error)) return { kind: 'Unreachable', text: 'unknown error' };
  const text = error.message === '' ? error.name : `${error.name}: ${error.message}`;
  if ('$fault' in error) return { kind: 'Refused', text };
  if (error instanceof AnswerMissing) return { kind: 'Refused', text: error.message };
  if (error instanceof ObjectTooLarge) return { kind: 'Refused', text };
  const code = 'code' in error ? String(error.code) : error.name;
  return { kind: 'Unreachable', text: `RequestError: send request failed caused by: ${code}` };
}
