import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pauseImage, type PauseArchitecture } from '../../../src/compute/docker/pause-image.ts';

/** A registry with one image, which says so many times that it is not well before it serves. */
export class TestRegistry {
  readonly digest: string;
  manifestRequests = 0;
  failures = 0;
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
      if (path.includes('/blobs/')) {
        return response.end(this.#blobs.get(path.slice(path.lastIndexOf('/') + 1)));
      }
      if (!path.includes('/manifests/')) return response.end('{}');
      this.manifestRequests++;
      if (this.failures > 0) {
        this.failures--;
        response.statusCode = 500;
        return response.end('not well');
      }
      response.setHeader('content-type', manifestType);
      response.setHeader('docker-content-digest', this.digest);
      response.setHeader('content-length', this.#manifest.length);
      return response.end(request.method === 'HEAD' ? undefined : this.#manifest);
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** The Engine takes a registry on a loopback address for one without TLS. */
  image(tag: string): string {
    // A listening TCP server's address is never a string.
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}/longshore-test:${tag}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
