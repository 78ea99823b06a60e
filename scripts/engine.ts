import { request } from 'node:http';
import { SetupError } from './steps.ts';

export type EngineReply = { readonly status: number; readonly text: string };

/** What an Engine says when asked whether it is there. */
export type EngineState =
  | { readonly kind: 'Answers'; readonly version: string }
  | { readonly kind: 'Forbidden'; readonly address: string }
  | { readonly kind: 'Silent'; readonly address: string };

const defaultSocket = '/var/run/docker.sock';
const tcpPort = 2375;

/** One call of the Engine API, for what set-up needs of it. */
export async function callEngine(
  method: 'GET' | 'POST',
  path: string,
  body?: Buffer,
): Promise<EngineReply> {
  const headers =
    body === undefined
      ? {}
      : { 'content-type': 'application/x-tar', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const call = request({ ...connection(), method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

export async function askEngine(): Promise<EngineState> {
  const address = process.env['DOCKER_HOST'] || defaultSocket;
  try {
    const { status, text } = await callEngine('GET', '/version');
    if (status !== 200) return { kind: 'Silent', address };
    return { kind: 'Answers', version: String(JSON.parse(text).Version) };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return { kind: isForbidden ? 'Forbidden' : 'Silent', address };
  }
}

/** Where the Engine listens: at DOCKER_HOST, else at the local socket. */
function connection(): { socketPath: string } | { host: string; port: number } {
  const dockerHost = process.env['DOCKER_HOST'];
  if (dockerHost === undefined || dockerHost === '') return { socketPath: defaultSocket };
  if (dockerHost.startsWith('unix://')) {
    return { socketPath: dockerHost.slice('unix://'.length) };
  }
  const url = URL.parse(dockerHost);
  if (url === null || !['tcp:', 'http:'].includes(url.protocol)) {
    throw new SetupError(
      `DOCKER_HOST is '${dockerHost}': set-up reaches unix:// and tcp:// addresses only.`,
    );
  }
  return { host: url.hostname, port: Number(url.port || tcpPort) };
}
