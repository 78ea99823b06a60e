import { hash } from 'node:crypto';
import { invalidParameter } from '../domain/errors.ts';

/** As most lists of ECS have it, for the most and for the default. */
const usualPage = 100;

export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface Page<Row> {
  readonly rows: Row[];
  readonly nextToken: string | undefined;
}

export interface Paging<Row> {
  readonly request: PageRequest;
  /** What the list is of: operation, account and region, filters. A token of another list is refused. */
  readonly list: readonly (string | undefined)[];
  /** The rows that follow the one of this key; all of them where it is undefined. */
  readonly rowsAfter: (key: string | undefined) => Iterable<Row>;
  readonly keyOf: (row: Row) => string;
  /** How many rows a page may have, and has where the request does not say. */
  readonly largestPage?: number;
}

/**
 * Cuts a page out of a list. A token holds the key of the page's last row, so that rows which come
 * and go meanwhile neither repeat nor hide others.
 * @throws EcsError InvalidParameterException
 */
export function pageOf<Row>({
  request,
  list,
  rowsAfter,
  keyOf,
  largestPage = usualPage,
}: Paging<Row>): Page<Row> {
  const size = parseMaxResults(request.maxResults, largestPage);
  const digest = digestOf(list);
  const rows: Row[] = [];
  for (const row of rowsAfter(parseToken(request.nextToken, digest))) {
    const last = rows.length === size ? rows.at(-1) : undefined;
    if (last !== undefined) return { rows, nextToken: tokenOf(digest, keyOf(last)) };
    rows.push(row);
  }
  return { rows, nextToken: undefined };
}

/** [inferred text] */
function parseMaxResults(maxResults: number | undefined, largestPage: number): number {
  if (maxResults === undefined) return largestPage;
  if (Number.isInteger(maxResults) && maxResults >= 1 && maxResults <= largestPage) {
    return maxResults;
  }
  throw invalidParameter(`maxResults must be between 1 and ${largestPage}`);
}

function digestOf(list: readonly (string | undefined)[]): string {
  return hash('sha256', JSON.stringify(list)).slice(0, 16);
}

function tokenOf(digest: string, key: string): string {
  return Buffer.from(`${digest}${key}`).toString('base64');
}

/** [inferred text] */
function parseToken(token: string | undefined, digest: string): string | undefined {
  if (token === undefined || token === '') return undefined;
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith(digest)) throw invalidParameter(`Invalid token ${token.slice(0, 100)}`);
  return text.slice(digest.length);
}
