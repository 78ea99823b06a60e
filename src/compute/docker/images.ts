import { EngineError, type Engine } from './engine.ts';
import type { ImageInspect } from './engine-types.ts';
import { imageDigest, pinned, pullQuery } from './image-reference.ts';
import { delay } from './delay.ts';
import { orAborted } from './or-aborted.ts';
import type { RegistryCredentials } from '../../domain/secret/registry-credentials.ts';
import type { Clock } from '../../support/clock.ts';

/** What a task needs to know of an image. */
export interface Image {
  /** What the Engine is to make containers of. */
  readonly reference: string;
  /** `sha256:...`, by which the Engine knows it. */
  readonly id: string;
  /** Absent where no registry knows the image. */
  readonly digest?: string;
  /** Variables that the image sets, `NAME=value`. */
  readonly environment: readonly string[];
}

export interface ImageNeed {
  readonly image: string;
  /** In the Engine's words, where the task definition names an architecture. */
  readonly architecture?: 'amd64' | 'arm64';
  /** The digest or the id of the image that is meant, whatever the name stands for by now. */
  readonly pin?: string;
  /** What its registry asks for. */
  readonly credentials?: RegistryCredentials;
}

/** The image cannot be had; the message is ECS's reason. */
export class ImageUnavailable extends Error {}

/** ECS tries again five times, where trying again makes sense. */
const maximumRetries = 5;

/**
 * The look for an image and its pull, for all who need it at the time; given up when none is left.
 */
interface Provision {
  readonly image: Promise<Image>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * The images of an Engine. Fargate pulls for each task anew; here an image that the Engine has is
 * taken as it is, so that tasks start fast, without a network, and with images that were only ever
 * built.
 */
export class Images {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #firstRetryMs: number;
  readonly #provisions = new Map<string, Provision>();

  constructor(engine: Engine, clock: Clock, firstRetryMs: number) {
    this.#engine = engine;
    this.#clock = clock;
    this.#firstRetryMs = firstRetryMs;
  }

  /** @throws ImageUnavailable, or the signal's reason when the wait is given up */
  async require(need: ImageNeed, signal: AbortSignal): Promise<Image> {
    const key = JSON.stringify(need);
    const shared = this.#provisions.get(key) ?? this.#begin(key, need);
    shared.waiting++;
    try {
      return await orAborted(shared.image, signal);
    } finally {
      shared.waiting--;
      if (shared.waiting === 0) {
        shared.abort.abort();
        this.#forget(key, shared);
      }
    }
  }

  /** Whoever comes later begins anew, and does not join what is over or given up. */
  #forget(key: string, provision: Provision): void {
    if (this.#provisions.get(key) === provision) this.#provisions.delete(key);
  }

  #begin(key: string, need: ImageNeed): Provision {
    const abort = new AbortController();
    const provision = { image: this.#provide(need, abort.signal), abort, waiting: 0 };
    this.#provisions.set(key, provision);
    return provision;
  }

  async #provide(need: ImageNeed, signal: AbortSignal): Promise<Image> {
    const present = await this.#find(need);
    if (present) return present;
    await this.#pullWithRetries(need, signal);
    const pulled = await this.#find(need);
    if (!pulled)
      throw new ImageUnavailable(cannotPull(`No such image: ${need.image}`, 0, manifest));
    return pulled;
  }

  async #find({ image, architecture, pin }: ImageNeed): Promise<Image | undefined> {
    const found = await this.#findMeant(image, pin).catch((error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      throw new ImageUnavailable(cannotPull(error.message, 0, manifest));
    });
    if (!found) return undefined;
    if (architecture !== undefined && found.Architecture !== architecture) {
      const platform = `linux/${architecture}`;
      const words = `image Manifest does not contain descriptor matching platform '${platform}'`;
      throw new ImageUnavailable(cannotPull(words, 0, manifest));
    }
    const digest = imageDigest(image, found.RepoDigests ?? []);
    return {
      reference: pin === undefined ? image : found.Id,
      id: found.Id,
      environment: found.Config?.Env ?? [],
      ...(digest === undefined ? {} : { digest }),
    };
  }

  /** One that is pinned is looked for by its digest and by its id as well: its tag may have moved on. */
  async #findMeant(image: string, pin: string | undefined): Promise<ImageInspect | undefined> {
    if (pin === undefined) return this.#engine.findImage(image);
    for (const reference of [image, pinned(image, pin), pin]) {
      const found = await this.#engine.findImage(reference);
      if (!found) continue;
      if (found.Id === pin || imageDigest(image, found.RepoDigests ?? []) === pin) return found;
    }
    return undefined;
  }

  async #pullWithRetries(need: ImageNeed, signal: AbortSignal): Promise<void> {
    for (let retries = 0; ; retries++) {
      const failure = await this.#tryPull(need, signal);
      if (!failure) return;
      if (!failure.transient || retries === maximumRetries) {
        throw new ImageUnavailable(cannotPull(failure.message, retries, failure.step));
      }
      await delay(this.#clock, this.#firstRetryMs * 2 ** retries, signal);
      signal.throwIfAborted();
    }
  }

  async #tryPull(need: ImageNeed, signal: AbortSignal): Promise<PullFailure | undefined> {
    const platform = need.architecture ? { platform: `linux/${need.architecture}` } : {};
    let step = manifest;
    try {
      const query = { ...pullQuery(pinned(need.image, need.pin)), ...platform };
      for await (const { error } of this.#engine.pullImage(query, signal, need.credentials)) {
        step = content;
        if (error !== undefined) return { message: error, step, transient: true };
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // 4xx: the registry says no (unknown, forbidden, malformed) and would say it again.
      return { message: error.message, step, transient: error.statusCode >= 500 };
    }
  }
}

interface PullFailure {
  readonly message: string;
  readonly step: string;
  readonly transient: boolean;
}

/** The steps of a pull, as ECS names them in its reasons. */
const manifest = 'pull image manifest';
const content = 'ref pull';

function cannotPull(message: string, retries: number, step: string): string {
  return `CannotPullContainerError: ${step} has been retried ${retries} time(s): ${message}`;
}
