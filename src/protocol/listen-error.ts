/** The address cannot be listened on; the message says why. */
export class ListenError extends Error {
  override readonly name = 'ListenError';

  constructor(host: string, port: number, cause: Error) {
    const code = 'code' in cause ? String(cause.code) : '';
    const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    super(`Cannot listen on ${place}: ${reasons.get(code) ?? cause.message}`, { cause });
  }
}

const noAddress = 'this machine has no such address.';

/** By the operating system's error codes. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another program listens there already.'],
  ['EADDRNOTAVAIL', noAddress],
  ['ENOTFOUND', noAddress],
  ['EACCES', 'this user may not.'],
]);
