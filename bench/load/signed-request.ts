import { createHash, createHmac } from 'node:crypto';

/** A key that the servers of the benchmarks know; each has an account of its own. */
export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
}

export interface ApiRequest {
  readonly operation: string;
  readonly input: object;
  readonly key: Key;
}

export const host = '127.0.0.1';
export const region = 'us-east-1';
const service = 'ecs';

export const keys: readonly Key[] = Array.from({ length: 100 }, (_, index) => ({
  accessKeyId: `AKIABENCHMARK${String(index).padStart(3, '0')}`,
  secretAccessKey: `secret/of/the/benchmarks/number/${index}`,
  accountId: String(100_000_000_000 + index),
}));

/** A credentials file with all keys. */
export const credentialsFile = JSON.stringify({ credentials: keys });

/** The bytes of a request as an AWS SDK sends it, signed now. */
export function signedRequest({ operation, input, key }: ApiRequest, path = '/'): Buffer {
  const body = JSON.stringify(input);
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const headers: readonly (readonly [string, string])[] = [
    ['content-type', 'application/x-amz-json-1.1'],
    ['host', host],
    ['x-amz-date', date],
    ['x-amz-target', `AmazonEC2ContainerServiceV20141113.${operation}`],
  ];
  const head =
    `POST ${path} HTTP/1.1\r\n` +
    headers.map(([name, value]) => `${name}: ${value}\r\n`).join('') +
    `content-length: ${Buffer.byteLength(body)}\r\n` +
    'user-agent: aws-sdk-js/3.1162.0 ua/2.1 os/linux lang/js md/nodejs#26.10.0 api/ecs#3.1162.0\r\n' +
    `authorization: ${authorization({ key, date, headers, body })}\r\n\r\n`;
  return Buffer.from(head + body);
}

/** The same with a signature that is none, for a server that accepts any: it costs the client next to nothing. */
export function unsignedRequest({ operation, input, key }: ApiRequest): Buffer {
  const body = JSON.stringify(input);
  return Buffer.from(
    `POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/x-amz-json-1.1\r\n` +
      `x-amz-target: AmazonEC2ContainerServiceV20141113.${operation}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n${unsignedHeaders(key)}\r\n${body}`,
  );
}

function unsignedHeaders({ accessKeyId }: Key): string {
  const scope = `${accessKeyId}/20260916/${region}/${service}/aws4_request`;
  return (
    'x-amz-date: 20260916T093500Z\r\n' +
    `authorization: AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00\r\n`
  );
}

interface Signable {
  readonly key: Key;
  readonly date: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

function authorization({ key, date, headers, body }: Signable): string {
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const names = headers.map(([name]) => name).join(';');
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = `POST\n/\n\n${lines}\n${names}\n${sha256(body)}`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const signature = createHmac('sha256', signingKey(key, day)).update(text).digest('hex');
  const credential = `${key.accessKeyId}/${scope}`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
}

const signingKeys = new Map<string, Buffer>();

function signingKey({ accessKeyId, secretAccessKey }: Key, day: string): Buffer {
  const name = `${accessKeyId}/${day}`;
  let key = signingKeys.get(name);
  if (!key) {
    key = Buffer.from(`AWS4${secretAccessKey}`);
    for (const part of [day, region, service, 'aws4_request']) {
      key = createHmac('sha256', key).update(part).digest();
    }
    signingKeys.set(name, key);
  }
  return key;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
