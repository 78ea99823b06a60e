import { Readable } from 'node:stream';
import type { Engine } from '../engine.ts';
import type { EngineInfo } from '../engine-types.ts';
import { pauseArchitecture } from '../pause-image.ts';
import { tarStream } from '../tar.ts';
import { nodeImage } from './node-image.ts';

export const proxyRepository = 'longshore/service-connect';

/** No proxy can be had here; the message says what to do. */
export class NoProxyImage extends Error {
  override readonly name = 'NoProxyImage';
}

/** The image on an Engine that proxies of Service Connect are made of. The program is put into each container. */
export class ProxyImages {
  readonly #engine: Engine;
  #making: Promise<string> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Makes the image where there is none, out of this server's own Node: nothing is pulled.
   * @throws NoProxyImage where the Engine's machine cannot run it
   */
  require(info: Pick<EngineInfo, 'Architecture'>): Promise<string> {
    this.#making ??= this.#make(info).finally(() => (this.#making = undefined));
    return this.#making;
  }

  async #make({ Architecture }: Pick<EngineInfo, 'Architecture'>): Promise<string> {
    if (!runsHere(Architecture)) {
      throw new NoProxyImage(
        `The proxy of Service Connect cannot be made for an Engine on linux/${Architecture} here, on ` +
          `${process.platform}/${process.arch}: name an image that has Node with --service-connect-image.`,
      );
    }
    const { tag, files, changes } = await nodeImage();
    const name = `${proxyRepository}:${tag}`;
    if (await this.#engine.findImage(name)) return name;
    const tar = Readable.from(tarStream(files), { objectMode: false });
    await this.#engine.importImage(proxyRepository, tag, tar, changes);
    return name;
  }
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

function runsHere(engineArchitecture: string): boolean {
  const here = process.platform === 'linux' ? architectures[process.arch] : undefined;
  return here === pauseArchitecture(engineArchitecture);
}
