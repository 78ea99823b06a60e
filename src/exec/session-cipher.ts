import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts what a session shows and decrypts what is typed, with the two halves of a data key. A nonce precedes each
 * message, and a tag follows it.
 */
export class SessionCipher {
  readonly #ours: Buffer;
  readonly #theirs: Buffer;

  /** @throws Error where the key is not one of 64 bytes */
  constructor(dataKey: Buffer) {
    if (dataKey.length !== 2 * keyBytes) {
      throw new Error(`The data key has ${dataKey.length} bytes in place of ${2 * keyBytes}.`);
    }
    this.#ours = dataKey.subarray(0, keyBytes);
    this.#theirs = dataKey.subarray(keyBytes);
  }

  seal(plain: Buffer): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#ours, nonce);
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined where it was not encrypted with the other side's key. */
  open(sealed: Buffer): Buffer | undefined {
    if (sealed.length < nonceBytes + tagBytes) return undefined;
    const nonce = sealed.subarray(0, nonceBytes);
    const decipher = createDecipheriv(algorithm, this.#theirs, nonce);
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const plain = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      return undefined;
    }
  }
}
