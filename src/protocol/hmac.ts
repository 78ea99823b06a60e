import { hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;
/** A string to sign of SigV4 has 120 to 170 bytes, nearly always as many as the one before. */
const usualTextBytes = 160;
const innerPad = 0x36;
const outerPad = 0x5c;

/**
 * Makes the function that signs text with a key of at most 64 bytes: HMAC-SHA-256 (RFC 2104), in hexadecimal digits.
 *
 * Node's own Hmac is an object with native memory for each text, which costs a small request more than all of its
 * hashing; two hashes in one call each do the same without. Digits, as a digest in a buffer has native memory too.
 */
export function hmacWith(key: Buffer): (text: string) => string {
  let inner = padded(key, innerPad, blockBytes + usualTextBytes);
  const outer = padded(key, outerPad, blockBytes + digestBytes);
  return (text) => {
    const length = blockBytes + Buffer.byteLength(text);
    if (inner.length !== length) inner = padded(key, innerPad, length);
    inner.write(text, blockBytes);
    outer.write(hash('sha256', inner), blockBytes, 'hex');
    return hash('sha256', outer);
  };
}

/** The key's block with each of its bytes changed by the pad, at the beginning of so many bytes. */
function padded(key: Buffer, pad: number, length: number): Buffer {
  const block = Buffer.alloc(length);
  for (let at = 0; at < blockBytes; at += 1) block[at] = (key[at] ?? 0) ^ pad;
  return block;
}
