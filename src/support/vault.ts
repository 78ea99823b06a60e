import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { keptFile } from './kept-file.ts';

const cipherName = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const form = 'v1';

/** Values cannot be read: the key is missing, is no key, or is not theirs. The message tells what to do. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/** Where a vault's key is. */
export interface KeySource {
  /** Names the place in messages. */
  readonly place: string;
  /** The key as it is written down; undefined where there is none. */
  find(): string | undefined;
  /** The key that is there, or a new one that will be found from now on. */
  make(): string;
}

/** A key in a file that only its owner can read, made when it is first needed. */
export function fileKey(file: string): KeySource {
  const make = () => keptFile(file, newKey);
  return { place: file, find: () => (existsSync(file) ? make() : undefined), make };
}

/** A key that is gone with the process. */
export function memoryKey(): KeySource {
  const key = newKey();
  return { place: 'memory', find: () => key, make: () => key };
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Encrypts values with AES-256-GCM. Nothing is read or made before the first value. */
export class Vault {
  readonly #source: KeySource;
  #key: Key | undefined;

  constructor(source: KeySource) {
    this.#source = source;
  }

  /** @param context whose value it is: it opens as that of nobody else */
  seal(value: string, context: string): string {
    const { id, bytes } = (this.#key ??= parseKey(this.#source.make(), this.#source.place));
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(cipherName, bytes, nonce).setAAD(Buffer.from(context));
    const hidden = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([nonce, hidden, cipher.getAuthTag()]);
    return [form, id, sealed.toString('base64url')].join('.');
  }

  /** @throws VaultError */
  open(sealed: string, context: string): string {
    const { bytes } = this.#keyOf(sealed);
    const content = Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
    const hidden = content.subarray(nonceBytes, -tagBytes);
    try {
      const decipher = createDecipheriv(cipherName, bytes, content.subarray(0, nonceBytes))
        .setAAD(Buffer.from(context))
        .setAuthTag(content.subarray(-tagBytes));
      return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8');
    } catch (cause) {
      const message = `The encrypted value of ${context} is damaged. Restore it from a backup.`;
      throw new VaultError(message, { cause });
    }
  }

  /**
   * Makes sure that this is the key of a value.
   * @throws VaultError
   */
  check(sealed: string): void {
    this.#keyOf(sealed);
  }

  #keyOf(sealed: string): Key {
    const { place } = this.#source;
    const id = sealed.split('.')[1];
    const found = this.#key === undefined ? this.#source.find() : undefined;
    if (found !== undefined) this.#key = parseKey(found, place);
    if (this.#key === undefined) {
      throw new VaultError(
        `Parameters and secrets are encrypted with the key ${id}, but there is no key in ${place}. ` +
          'Put it back: without it they cannot be read.',
      );
    }
    if (this.#key.id === id) return this.#key;
    throw new VaultError(
      `Parameters and secrets are encrypted with the key ${id}, but ${place} holds the key ${this.#key.id}. ` +
        'Put the right one in its place: without it they cannot be read.',
    );
  }
}

function newKey(): string {
  return randomBytes(keyBytes).toString('base64');
}

function parseKey(text: string, place: string): Key {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== keyBytes || bytes.toString('base64') !== text) {
    throw new VaultError(`${place} holds no key: that is ${keyBytes} random bytes in base64.`);
  }
  const id = createHmac('sha256', bytes).update('key id').digest('hex').slice(0, 16);
  return { id, bytes };
}
