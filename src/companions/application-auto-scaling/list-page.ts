import { invalidToken, scalingConstraint } from '../../domain/scaling/scaling-error.ts';

export interface PageRequest {
  readonly size: number;
  /** The key behind which to go on. */
  readonly after: string | undefined;
}

interface PageMembers {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** @throws ScalingError ValidationException, InvalidNextTokenException */
export function parsePage(
  { MaxResults: size, NextToken: token }: PageMembers,
  most: number,
): PageRequest {
  if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= most)) {
    const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
    throw scalingConstraint('maxResults', String(size), `have value ${bound}`);
  }
  return { size: size ?? most, after: token === undefined ? undefined : keyOfToken(token) };
}

interface Listed<Item> {
  readonly keyOf: (item: Item) => string;
  readonly isWanted: (item: Item) => boolean;
}

/** The first items of a list that are wanted, and the member that leads to the next ones. */
export function listPage<Item>(
  list: Iterable<Item>,
  { size }: PageRequest,
  { keyOf, isWanted }: Listed<Item>,
): { readonly items: readonly Item[]; readonly nextToken: { readonly NextToken?: string } } {
  const items: Item[] = [];
  for (const item of list) {
    if (!isWanted(item)) continue;
    const last = items.at(-1);
    if (items.length === size && last !== undefined) {
      return { items, nextToken: { NextToken: tokenOf(keyOf(last)) } };
    }
    items.push(item);
  }
  return { items, nextToken: {} };
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (!key.startsWith('arn:') || tokenOf(key) !== token) throw invalidToken();
  return key;
}
