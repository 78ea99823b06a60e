import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../src/cli/sha-256.ts';
import { parseCredentials } from '../../src/protocol/credentials.ts';

export const secretAccessKey = 'secret';

export type Person = 'ann' | 'eve';

/** Two people, each with an account of her own. */
export const credentials = parseCredentials(
  JSON.stringify({
    credentials: [
      { accessKeyId: 'ann', secretAccessKey, accountId: '111111111111' },
      { accessKeyId: 'eve', secretAccessKey, accountId: '222222222222' },
    ],
  }),
);

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens what a path answers, whatever it is; the body may go on for long. */
async function open(url: URL, { method = 'GET', headers = {} }: Sending): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { method, headers }, resolve).on('error', reject).end();
  return promise;
}

export async function read(url: URL, sending: Sending = {}): Promise<Answer> {
  const response = await open(url, sending);
  return { status: response.statusCode, body: await text(response) };
}

function signer(accessKeyId: Person): SignatureV4 {
  return new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region: 'us-east-1',
    service: 'ecs',
    sha256: Sha256,
  });
}

function requestFor({ host, hostname, pathname, searchParams }: URL, method = 'GET') {
  return {
    method,
    protocol: 'http:',
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
  };
}

export async function signedHeadersFor(
  url: URL,
  person: Person,
  method = 'GET',
): Promise<Readonly<Record<string, string>>> {
  return (await signer(person).sign(requestFor(url, method))).headers;
}

export async function readSigned(url: URL, person: Person, method = 'GET'): Promise<Answer> {
  return read(url, { method, headers: await signedHeadersFor(url, person, method) });
}

export async function openSigned(url: URL, person: Person): Promise<IncomingMessage> {
  return open(url, { headers: await signedHeadersFor(url, person) });
}

export async function presigned(url: URL, person: Person): Promise<URL> {
  const { query } = await signer(person).presign(requestFor(url), { expiresIn: 60 });
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) {
    whole.searchParams.set(name, String(value));
  }
  return whole;
}
