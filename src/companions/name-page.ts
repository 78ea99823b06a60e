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
  const items: Item[] = [];
  for (const item of list) {
    if (!isWanted(item)) continue;
    const last = items.at(-1);
    if (items.length === size && last) return { items, nextToken: tokenOf(last.arn) };
    items.push(item);
  }
  return { items, nextToken: undefined };
}

/** The ARN behind which to go on; undefined where a token is none of ours. */
export function arnOfToken(token: string): string | undefined {
  const arn = Buffer.from(token, 'base64url').toString();
  return arn.startsWith('arn:') && tokenOf(arn) === token ? arn : undefined;
}

function tokenOf(arn: string): string {
  return Buffer.from(arn).toString('base64url');
}
