/** A page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** The first items of a list that are wanted. */
export function pageOf<Item extends { readonly arn: string }>(
  list: Iterable<Item>,
  size: number,
  isWanted: (item: Item) => boolean,
): Page<Item> {
  return keyedPageOf(list, { size, isWanted, keyOf: ({ arn }) => arn });
}

/** The same for what is in the order of another key. */
export function keyedPageOf<Item>(
  list: Iterable<Item>,
  {
    size,
    isWanted,
    keyOf,
  }: {
    readonly size: number;
    readonly isWanted: (item: Item) => boolean;
    readonly keyOf: (item: Item) => string;
  },
): Page<Item> {
  const items: Item[] = [];
  for (const item of list) {
    if (!isWanted(item)) continue;
    const last = items.at(-1);
    if (items.length === size && last) return { items, nextToken: tokenOf(keyOf(last)) };
    items.push(item);
  }
  return { items, nextToken: undefined };
}

/** The ARN behind which to go on; undefined where a token is none of ours. */
export function arnOfToken(token: string): string | undefined {
  const arn = keyOfToken(token);
  return arn?.startsWith('arn:') ? arn : undefined;
}

/** The key behind which to go on; undefined where a token is none of ours. */
export function keyOfToken(token: string): string | undefined {
  const key = Buffer.from(token, 'base64url').toString();
  return tokenOf(key) === token ? key : undefined;
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}
