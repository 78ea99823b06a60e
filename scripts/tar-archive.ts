/** An entry of a tar archive: a file with its mode, a folder, or a symbolic link. */
export type TarEntry =
  | { readonly kind: 'File'; readonly path: string; readonly mode: number; readonly data: Buffer }
  | { readonly kind: 'Folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'Link'; readonly path: string; readonly target: string };

const blockBytes = 512;
const linkMode = 0o777;

/** Writes a ustar archive, owned by root and dated at the epoch, so equal input is equal output. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const end = Buffer.alloc(2 * blockBytes);
  return Buffer.concat([...entries.flatMap(blocksOf), end]);
}

function blocksOf(entry: TarEntry): Buffer[] {
  switch (entry.kind) {
    case 'File': {
      const { path, mode, data } = entry;
      const padding = Buffer.alloc((blockBytes - (data.length % blockBytes)) % blockBytes);
      return [header({ path, mode, type: '0', size: data.length, target: '' }), data, padding];
    }
    case 'Folder':
      return [header({ path: entry.path, mode: entry.mode, type: '5', size: 0, target: '' })];
    case 'Link':
      return [
        header({ path: entry.path, mode: linkMode, type: '2', size: 0, target: entry.target }),
      ];
  }
}

type Header = {
  readonly path: string;
  readonly mode: number;
  readonly type: string;
  readonly size: number;
  readonly target: string;
};

/** The fields and their places are those of POSIX.1-1988's tar. */
function header({ path, mode, type, size, target }: Header): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  block.write(path, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(target, 157);
  block.write('ustar\u000000', 257);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}
