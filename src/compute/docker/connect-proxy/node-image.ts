import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { TarFile } from '../tar.ts';

/** Where Node is in the image, as it is in Node's own images. */
export const nodePath = '/usr/local/bin/node';

/** An image in which this server's own Node runs, and nothing else. */
export interface NodeImage {
  /** Names the content, so that another Node is another image. */
  readonly tag: string;
  readonly files: readonly TarFile[];
  /** As lines of a Dockerfile. */
  readonly changes: readonly string[];
}

let made: Promise<NodeImage> | undefined;

/** It is looked at once: reading all of Node takes a moment. */
export function nodeImage(): Promise<NodeImage> {
  made ??= describe().catch((error: unknown) => {
    made = undefined;
    throw error;
  });
  return made;
}

async function describe(): Promise<NodeImage> {
  const libraries = loadedLibraries();
  const files = await Promise.all([
    fileOf(process.execPath, nodePath),
    ...libraries.map((path) => fileOf(path, path)),
  ]);
  const folders = [...new Set(libraries.map((path) => dirname(path)))];
  // The libraries stay where the machine has them, which is not everywhere where the loader looks by itself.
  const changes = folders.length > 0 ? [`ENV LD_LIBRARY_PATH=${folders.join(':')}`] : [];
  const hash = createHash('sha256').update(JSON.stringify(changes));
  for (const file of files) await addTo(hash, file);
  return { tag: hash.digest('hex').slice(0, 16), files, changes };
}

/** What this process has loaded: all that Node needs, the loader itself among it. */
function loadedLibraries(): readonly string[] {
  const { report } = process;
  // Otherwise it would also ask for the names of all addresses. Its types do not know of it.
  Reflect.set(report, 'excludeNetwork', true);
  const described: object = report.getReport();
  const objects: unknown = 'sharedObjects' in described ? described.sharedObjects : undefined;
  if (!Array.isArray(objects)) return [];
  return objects.filter(
    (path): path is string =>
      typeof path === 'string' && isAbsolute(path) && /\.so(?:\.[0-9.]+)?$/.test(path),
  );
}

async function fileOf(source: string, path: string): Promise<TarFile> {
  const { size } = await stat(source);
  return { name: path.slice(1), mode: 0o755, size, content: () => createReadStream(source) };
}

async function addTo(hash: Hash, { name, size, content }: TarFile): Promise<void> {
  hash.update(`${name} ${size}\n`);
  for await (const chunk of content()) hash.update(chunk);
}
