import { invalidInput } from '../../domain/cloud-map/cloud-map-error.ts';
import { checkRange } from '../../domain/cloud-map/members.ts';
import { keyOfToken } from '../name-page.ts';

const usualPage = 100;

/** @throws CloudMapError InvalidInput */
export function parsePageSize(size: number = usualPage, most = usualPage): number {
  checkRange('maxResults', size, 1, most);
  return size;
}

/**
 * The key behind which a page begins.
 * @throws CloudMapError InvalidInput
 */
export function parseToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  const key = keyOfToken(token);
  if (key === undefined) throw invalidInput('The value of NextToken is invalid.'); // [inferred text]
  return key;
}
