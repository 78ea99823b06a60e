import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConstructorOptions } from 'docker-modem';

/**
 * How to reach an Engine, from a URL as DOCKER_HOST has it: `unix:///path`, `tcp://host:port`,
 * `https://host:port?certificates=/directory` (ca.pem, cert.pem, key.pem) or `ssh://user@host`.
 * The members that are undefined keep the client library from taking them from the environment.
 */
export function engineConnection(text: string): ConstructorOptions {
  const none = { socketPath: undefined, host: undefined, port: undefined, protocol: undefined };
  const url = URL.parse(text);
  if (!url) throw notAnEngine();
  const host = url.hostname;
  switch (url.protocol) {
    case 'unix:':
      return { ...none, socketPath: url.pathname };
    case 'tcp:':
    case 'http:':
      return { ...none, host, port: url.port || 2375, protocol: 'http' };
    case 'https:':
      return {
        ...none,
        host,
        port: url.port || 2376,
        protocol: 'https',
        ...certificates(url.searchParams.get('certificates')),
      };
    case 'ssh:':
      return {
        ...none,
        host,
        port: url.port || 22,
        protocol: 'ssh',
        username: decodeURIComponent(url.username),
      };
    default:
      throw notAnEngine();
  }
}

function notAnEngine(): Error {
  return new Error('The URL of a Docker Engine begins with unix://, tcp://, https:// or ssh://.');
}

function certificates(directory: string | null): ConstructorOptions {
  if (directory === null) return {};
  const read = (name: string) => readFileSync(join(directory, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
