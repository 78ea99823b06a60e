const mebibyte = 1024 * 1024;

/**
 * What the door accepts. Each bound is far above what AWS clients send, and ends a flood or a
 * mistake early.
 */
export interface DoorLimits {
  /** One request's body, before and after it is inflated. */
  readonly bodyBytes: number;
  /** All bodies that are being read at one time. */
  readonly bufferedBytes: number;
  /** How deep objects and lists of a body may nest. */
  readonly nestingDepth: number;
  readonly headerBytes: number;
  readonly headerCount: number;
  /** API requests between their first byte and their answer; one more is throttled. */
  readonly requestsInFlight: number;
  /** From a connection's first byte until the headers, and until the whole request, are here. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often connections are looked at for those two. */
  readonly timeoutCheckMs: number;
  /** How long a connection may idle between requests. */
  readonly keepAliveTimeoutMs: number;
  /** How long nothing may move on a connection that is in use: its client no longer reads. */
  readonly stalledTimeoutMs: number;
  /** How long requests may take to finish once the listener closes. */
  readonly closeGraceMs: number;
}

/**
 * ECS's largest body is a task definition of 64 KiB; PutLogEvents carries 1 MiB of messages, which
 * JSON may blow up several times. Connections idle longer than the 60 s of common proxies, so that
 * it is the client who closes them and no request meets a closing one.
 */
export const defaultLimits: DoorLimits = {
  bodyBytes: 4 * mebibyte,
  bufferedBytes: 64 * mebibyte,
  nestingDepth: 64,
  headerBytes: 16 * 1024,
  headerCount: 100,
  requestsInFlight: 4096,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  timeoutCheckMs: 2_000,
  keepAliveTimeoutMs: 65_000,
  stalledTimeoutMs: 120_000,
  closeGraceMs: 5_000,
};
