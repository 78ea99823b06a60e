import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { pauseImage, type PauseArchitecture } from '../../../src/compute/docker/pause-image.ts';
import { closeAtOnce, openOnLoopback, urlOf } from '../../fixtures/loopback.ts';

/**
 * A registry with one image, which says so many times that it is not well before it serves. It knows no
 * tag `unknown`, and shows `secret` to nobody. Where it has an account, it serves nobody else.
 */
export class TestRegistry {
  readonly digest: string;
  /** How often a tag was looked up: once a pull. The Engine may have the manifest itself already. */
  lookUps = 0;
  failures = 0;
  account: { readonly username: string; readonly password: string } | undefined;
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifest: Buffer;
  readonly #server: Server;

  constructor(architecture: PauseArchitecture) {
    const layer = pauseImage(architecture).tar;
    const config = Buffer.from(
      JSON.stringify({
        architecture,
        os: 'linux',
        config: { Entrypoint: ['/pause'], Env: ['AWS_REGION=of-the-image'] },
        rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      }),
    );
    const describe = (mediaType: string, blob: Buffer) => {
      this.#blobs.set(digestOf(blob), blob);
      return { mediaType, size: blob.length, digest: digestOf(blob) };
    };
    this.#manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: describe('application/vnd.docker.container.image.v1+json', config),
        layers: [describe('application/vnd.docker.image.rootfs.diff.tar', layer)],
      }),
    );
    this.digest = digestOf(this.#manifest);
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      if (!this.#admits(request.headers.authorization)) {
        response.statusCode = 401;
        response.setHeader('www-authenticate', 'Basic realm="test"');
        response.setHeader('content-type', 'application/json');
        const error = { code: 'UNAUTHORIZED', message: 'authentication required', detail: 'none' };
        return response.end(JSON.stringify({ errors: [error] }));
      }
      if (path.includes('/blobs/')) {
        return response.end(this.#blobs.get(path.slice(path.lastIndexOf('/') + 1)));
      }
      if (!path.includes('/manifests/')) return response.end('{}');
      if (!path.endsWith(this.digest)) this.lookUps++;
      if (this.failures > 0) {
        this.failures--;
        response.statusCode = 500;
        return response.end('not well');
      }
      const refusal = refusals.find(({ tag }) => path.endsWith(`/${tag}`));
      if (refusal) {
        response.statusCode = refusal.status;
        response.setHeader('content-type', 'application/json');
        return response.end(JSON.stringify({ errors: [refusal] }));
      }
      response.setHeader('content-type', manifestType);
      response.setHeader('docker-content-digest', this.digest);
      response.setHeader('content-length', this.#manifest.length);
      return response.end(request.method === 'HEAD' ? undefined : this.#manifest);
    });
  }

  #admits(authorization: string | undefined): boolean {
    if (!this.account) return true;
    const { username, password } = this.account;
    return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  async open(): Promise<void> {
    await openOnLoopback(this.#server);
  }

  /** The Engine takes a registry on a loopback address for one without TLS. */
  image(tag: string): string {
    return `${new URL(urlOf(this.#server)).host}/longshore-test:${tag}`;
  }

  close(): void {
    closeAtOnce(this.#server);
  }
}

/** Without a detail the Engine does not see what kind of error it is. */
const refusals = [
  { tag: 'unknown', status: 404, code: 'MANIFEST_UNKNOWN', message: 'unknown', detail: 'unknown' },
  { tag: 'secret', status: 403, code: 'DENIED', message: 'denied', detail: 'secret' },
];

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
