import { SecretError, secretConstraint } from '../../domain/secret/secret-error.ts';

const mostResults = 100;

/** @throws SecretError ValidationException */
export function parsePageSize(size: number = mostResults): number {
  if (Number.isInteger(size) && size >= 1 && size <= mostResults) return size;
  const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${mostResults}`;
  throw secretConstraint('maxResults', String(size), `have value ${bound}`);
}

export function invalidToken(): SecretError {
  const message = 'You specified an invalid NextToken value.';
  return new SecretError('InvalidNextTokenException', message);
}
