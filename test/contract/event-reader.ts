/** A line of `/longshore/events` or `/longshore/service-events`. */
export interface ToldEvent {
  readonly cursor: string;
  readonly event: {
    readonly id: string;
    readonly message?: string;
    readonly 'detail-type'?: string;
    readonly resources?: readonly string[];
    readonly detail?: Readonly<Record<string, unknown>>;
  };
}

type Query = Readonly<Record<string, string>>;

function address(url: string, query: Query, path: string): string {
  return `${url}${path}?${new URLSearchParams(query).toString()}`;
}

/** All that is there, from the oldest on. */
export async function readEvents(
  url: string,
  query: Query = {},
  path = '/longshore/events',
): Promise<readonly ToldEvent[]> {
  const response = await fetch(address(url, query, path));
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text.split('\n').slice(0, -1).map(parseLine);
}

/** Follows, until the reader has had enough. */
export async function* followEvents(url: string, query: Query = {}): AsyncGenerator<ToldEvent> {
  const response = await fetch(address(url, { ...query, follow: 'true' }, '/longshore/events'));
  if (!response.body) throw new Error('No answer');
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.map(parseLine);
  }
}

/** The first events of a follower. */
export async function take(
  events: AsyncGenerator<ToldEvent>,
  count: number,
): Promise<readonly ToldEvent[]> {
  const taken: ToldEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

function parseLine(line: string): ToldEvent {
  // What the server has just written, in a test of it.
  return JSON.parse(line) as ToldEvent;
}

/** `lastStatus/desiredStatus version` of an event of a task. */
export function taskMove({ event: { detail = {} } }: ToldEvent): string {
  const { lastStatus, desiredStatus, version } = detail;
  return `${String(lastStatus)}/${String(desiredStatus)} ${String(version)}`;
}
