/** A file or, without content, a folder. */
export interface TarEntry {
  readonly name: string;
  readonly mode: number;
  readonly content?: Buffer;
  readonly userId?: number;
  readonly groupId?: number;
}

const blockBytes = 512;

/** A tar archive (POSIX ustar), without times. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * blockBytes)]);
}

function blocksOf(entry: TarEntry): readonly Buffer[] {
  const { content } = entry;
  if (!content) return [headerOf(entry, 0)];
  const beyond = content.length % blockBytes;
  const padding = Buffer.alloc(beyond === 0 ? 0 : blockBytes - beyond);
  return [headerOf(entry, content.length), content, padding];
}

function headerOf(
  { name, mode, content, userId = 0, groupId = 0 }: TarEntry,
  size: number,
): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(content ? name : `${name}/`, 0);
  writeNumber(header, mode, 100, 8);
  writeNumber(header, userId, 108, 8);
  writeNumber(header, groupId, 116, 8);
  writeNumber(header, size, 124, 12);
  writeNumber(header, 0, 136, 12);
  header.write('        ', 148);
  header.write(content ? '0' : '5', 156);
  header.write('ustar\0' + '00', 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Octal digits and a NUL; a number that is too large for them as GNU tar has it, binary behind a marked byte. */
function writeNumber(header: Buffer, value: number, offset: number, length: number): void {
  const digits = value.toString(8);
  if (digits.length < length) {
    header.write(`${digits.padStart(length - 1, '0')}\0`, offset);
    return;
  }
  header[offset] = 0x80;
  header.writeUIntBE(value, offset + length - 6, 6);
}
