import { Readable } from 'node:stream';
import type { Engine } from '../engine.ts';
import type { EngineInfo } from '../engine-types.ts';
import { pauseArchitecture } from '../pause-image.ts';
import { tarStream } from '../tar.ts';
import { ImageUnavailable, type Images } from '../images.ts';
import { nodeImage } from './node-image.ts';

export const proxyRepository = 'longshore/service-connect';

/** No proxy can be had here; the message says what to do. */
export class NoProxyImage extends Error {
  override readonly name = 'NoProxyImage';
}

/** An image that has Node where Node's own images have it, for where none can be made. */
export interface GivenImage {
  readonly image: string;
  readonly images: Pick<Images, 'require'>;
}

/** The image on an Engine that proxies of Service Connect are made of. The program is put into each container. */
export class ProxyImages {
  readonly #engine: Engine;
  readonly #given: GivenImage | undefined;
  #making: Promise<string> | undefined;

  constructor(engine: Engine, given?: GivenImage) {
    this.#engine = engine;
    this.#given = given;
  }

  /**
   * The image that was given. Without one it is made where there is none, out of this server's own Node, and nothing is
   * pulled.
   * @throws NoProxyImage where it cannot be had, or the Engine's machine cannot run it
   */
  require(info: Pick<EngineInfo, 'Architecture'>): Promise<string> {
    this.#making ??= this.#provide(info).finally(() => (this.#making = undefined));
    return this.#making;
  }

  async #provide(info: Pick<EngineInfo, 'Architecture'>): Promise<string> {
    if (!this.#given) return this.#make(info);
    const { image, images } = this.#given;
    try {
      return (await images.require({ image }, new AbortController().signal)).reference;
    } catch (error) {
      if (!(error instanceof ImageUnavailable)) throw error;
      throw new NoProxyImage(error.message, { cause: error });
    }
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
