import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ProxyConfig } from '../domain/service-connect/proxy-config.ts';
import { BrokenConfig, parseConfig } from './parse-config.ts';

export interface ConfigFileSetting {
  readonly path: string;
  readonly onConfig: (config: ProxyConfig) => void;
  /** The one before stays. */
  readonly onBroken: (reason: string) => void;
}

/** A file that is being written is read when that has gone on for this long. */
const settleMs = 20;
/** Some file systems do not tell of changes. */
const lookMs = 2_000;

/** The file that says what the proxy is to do, followed through its changes. */
export class ConfigFile {
  readonly #setting: ConfigFileSetting;
  #text: string | undefined;
  #reading = Promise.resolve();
  #watcher: FSWatcher | undefined;
  #settle: NodeJS.Timeout | undefined;
  #looks: NodeJS.Timeout | undefined;

  constructor(setting: ConfigFileSetting) {
    this.#setting = setting;
  }

  /** Reads it, and follows it from then on. */
  async follow(): Promise<void> {
    const { path } = this.#setting;
    // Its folder is watched, not the file: writing it anew makes another.
    this.#watcher = watch(dirname(path), (_, name) => {
      if (name !== null && name !== basename(path)) return;
      clearTimeout(this.#settle);
      this.#settle = setTimeout(() => void this.read(), settleMs);
    });
    this.#watcher.on('error', () => this.#watcher?.close());
    this.#looks = setInterval(() => void this.read(), lookMs);
    await this.read();
  }

  /** Passes on what it says, where that has changed. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  close(): void {
    clearTimeout(this.#settle);
    clearInterval(this.#looks);
    this.#watcher?.close();
  }

  async #read(): Promise<void> {
    const { path, onConfig, onBroken } = this.#setting;
    try {
      const text = await readFile(path, 'utf8');
      if (text === this.#text) return;
      this.#text = text;
      onConfig(parseConfig(text));
    } catch (error) {
      if (error instanceof BrokenConfig) onBroken(error.message);
      else if (!isMissing(error)) throw error;
    }
  }
}

/** While it is written anew, there is none. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
