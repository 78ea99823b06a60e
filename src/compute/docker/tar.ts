/** A file or, without content, a folder. */
export interface TarEntry {
  readonly name: string;
  readonly mode: number;
  readonly content?: Buffer;
  readonly userId?: number;
  readonly groupId?: number;
}

/** A file of which the content comes bit by bit. */
export interface TarFile {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly content: () => AsyncIterable<Buffer>;
}

const blockBytes = 512;
const longestName = 100;

/** A tar archive (POSIX ustar), without times. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * blockBytes)]);
}

/** The same of files that are too large to be held, and of the folders that they are in. */
export async function* tarStream(files: readonly TarFile[]): AsyncGenerator<Buffer> {
  for (const name of foldersOf(files)) yield headerOf({ name, mode: 0o755 }, undefined);
  for (const file of files) {
    yield headerOf(file, file.size);
    let size = 0;
    for await (const chunk of file.content()) {
      size += chunk.length;
      yield chunk;
    }
    if (size !== file.size) throw new Error(`The file ${file.name} has changed meanwhile.`);
    yield paddingAfter(size);
  }
  yield Buffer.alloc(2 * blockBytes);
}

function foldersOf(files: readonly TarFile[]): Iterable<string> {
  const folders = new Set<string>();
  for (const { name } of files) {
    const parts = name.split('/').slice(0, -1);
    for (const at of parts.keys()) folders.add(parts.slice(0, at + 1).join('/'));
  }
  return folders;
}

function blocksOf(entry: TarEntry): readonly Buffer[] {
  const { content } = entry;
  if (!content) return [headerOf(entry, undefined)];
  return [headerOf(entry, content.length), content, paddingAfter(content.length)];
}

function paddingAfter(size: number): Buffer {
  const beyond = size % blockBytes;
  return Buffer.alloc(beyond === 0 ? 0 : blockBytes - beyond);
}

/** Of a folder where there is no size. */
function headerOf(
  { name, mode, userId = 0, groupId = 0 }: Omit<TarEntry, 'content'>,
  size: number | undefined,
): Buffer {
  const header = Buffer.alloc(blockBytes);
  const isFolder = size === undefined;
  const path = isFolder ? `${name}/` : name;
  if (Buffer.byteLength(path) > longestName) throw new Error(`The path ${path} is too long.`);
  header.write(path, 0);
  writeNumber(header, mode, 100, 8);
  writeNumber(header, userId, 108, 8);
  writeNumber(header, groupId, 116, 8);
  writeNumber(header, size ?? 0, 124, 12);
  writeNumber(header, 0, 136, 12);
  header.write('        ', 148);
  header.write(isFolder ? '5' : '0', 156);
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
