import { parseDuration } from './duration.ts';

/** A script that cannot be followed; the message says which value of it and why. */
export class MalformedScript extends Error {
  override readonly name = 'MalformedScript';
}

/** The values of one container's script, by the names that `container-script.ts` lists. */
export class ScriptSettings {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  flag(name: string): boolean {
    const text = this.#values.get(name);
    if (text === undefined || text === 'false') return false;
    if (text === 'true') return true;
    throw new MalformedScript(`${name} is neither true nor false: '${text}'`);
  }

  durationMs(name: string): number | undefined {
    const text = this.#values.get(name);
    return text === undefined ? undefined : readDuration(name, text);
  }

  exitCode(name: string): number | undefined {
    const text = this.#values.get(name);
    return text === undefined ? undefined : readExitCode(name, text);
  }
}

export function readDuration(name: string, text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new MalformedScript(`${name} is not a duration such as 250ms, 2s or 1m: '${text}'`);
}

export function readExitCode(name: string, text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  throw new MalformedScript(`${name} is not an exit code from 0 to 255: '${text}'`);
}
