/**
 * The door: AWS JSON 1.1 over HTTP. It knows no service; what it serves is described by the
 * interfaces below, and several services share the one port, each by its target prefix.
 */

/** What the door knows of a request once it is let in. */
export interface Call {
  readonly requestId: string;
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly callerArn: string;
  /** Scheme, host and port by which the caller reached us: where to send it for what else we serve. */
  readonly origin: string;
  /** When the request was let in, in milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Turns a parsed JSON value into an operation's input, or throws a SerializationException. */
export type Decoder = (value: unknown) => unknown;

/** Turns an operation's output into JSON. */
export type Encoder = (value: unknown) => string;

export interface JsonOperation {
  readonly name: string;
  readonly decode: Decoder;
  readonly encode: Encoder;
  /** Returns an output, now or later, or later an EventStream. */
  readonly handle: (input: unknown, call: Call) => unknown;
}

export interface JsonService {
  /** What precedes the operation in X-Amz-Target, without the dot. */
  readonly targetPrefix: string;
  /** The service in a signature's scope. */
  readonly signingName: string;
  readonly operations: ReadonlyMap<string, JsonOperation>;
  /** What is said of an operation that the service has, but not here. */
  readonly unserved?: (operation: string) => string;
}

/** A thrown error that the caller is told about. Others are ours, and are logged. */
export interface Fault {
  /** 400, where absent. */
  readonly status?: 400 | 500;
  readonly code: string;
  readonly message: string;
  /** Members of the exception besides its message. */
  readonly members: Readonly<Record<string, unknown>>;
}

/**
 * One answered API request. Service and operation are absent where the target named none of ours.
 */
export interface Answered {
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly status: number;
  /** The error's code; absent on success. */
  readonly code: string | undefined;
  readonly durationMs: number;
}

export interface DoorObserver {
  onAnswered(answered: Answered): void;
}

export interface DoorLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
