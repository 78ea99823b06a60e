export type Field = readonly [key: string, value: string];

/**
 * What the log router of a task is configured to do, whatever its program: where it takes lines from, what it adds to
 * them, and where it sends them (Developer Guide, "Send Amazon ECS logs to an AWS service or AWS Partner").
 */
export interface Routing {
  readonly memoryBufferMB: number;
  /** Where the forward protocol is spoken besides the socket; undefined where nowhere. */
  readonly listenAddress: string | undefined;
  /** What is added to each record. */
  readonly metadata: readonly Field[];
  /** A file of the author's own, by its path in the container. */
  readonly externalFile: string | undefined;
  readonly routes: readonly Route[];
}

/** Where the lines of one container go. */
export interface Route {
  readonly container: string;
  readonly includePattern: string | undefined;
  readonly excludePattern: string | undefined;
  /** Absent where the external file says it. */
  readonly output: { readonly plugin: string; readonly options: readonly Field[] } | undefined;
}

/** Where the router listens for the lines that Docker sends, in its container. */
export const routerSocketFolder = '/var/run';

export const routerSocketName = 'fluent.sock';

export const routerSocket = `${routerSocketFolder}/${routerSocketName}`;

/** The port on which it takes what applications send themselves. */
export const forwardPort = '24224';
