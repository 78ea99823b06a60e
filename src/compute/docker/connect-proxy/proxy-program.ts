import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proxyFolder } from '../../../domain/service-connect/proxy-config.ts';
import type { PauseArchitecture } from '../pause-image.ts';
import type { TarEntry } from '../tar.ts';
import { nodePath } from './node-image.ts';
import { redirectProgram } from './redirect-program.ts';

const programFolder = `${proxyFolder}/program`;
const redirectPath = `${proxyFolder}/redirect`;

/** A proxy has little that lives long: its memory is better kept small than collected late. */
export const nodeOptions = ['--max-old-space-size=192', '--max-semi-space-size=2', '--no-warnings'];

/** What a proxy's container runs; it needs the capability NET_ADMIN, which it gives up at once. */
export const proxyCommand: readonly string[] = [
  redirectPath,
  nodePath,
  ...nodeOptions,
  programFolder,
  proxyFolder,
  'redirected',
];

let program: Promise<readonly ProgramFile[]> | undefined;

/** What a proxy's container has before it starts, besides its configuration; to be unpacked at `/`. */
export async function proxyFiles(architecture: PauseArchitecture): Promise<readonly TarEntry[]> {
  program ??= proxyProgram();
  const entry = (path: string, mode: number, content: Buffer) => ({
    name: path.slice(1),
    mode,
    content,
  });
  return [
    ...(await program).map(({ path, text }) =>
      entry(`${programFolder}/${path}`, 0o644, Buffer.from(text)),
    ),
    entry(redirectPath, 0o755, redirectProgram(architecture)),
  ];
}

interface ProgramFile {
  readonly path: string;
  readonly text: string;
}

/** The release has the program in a file; from sources it is what these come to without their types. */
async function proxyProgram(): Promise<readonly ProgramFile[]> {
  const isCompiled = extname(import.meta.url) !== '.ts';
  if (isCompiled) {
    const text = await readFile(new URL('./connect-proxy.cjs', import.meta.url), 'utf8');
    return [manifestOf({ main: 'proxy.cjs' }), { path: 'proxy.cjs', text }];
  }
  const sources = new URL('../../../', import.meta.url);
  const files = new Map<string, ProgramFile>();
  await addSource(files, new URL('connect-proxy/main.ts', sources), sources);
  return [manifestOf({ main: 'connect-proxy/main.js', type: 'module' }), ...files.values()];
}

function manifestOf(manifest: object): ProgramFile {
  return { path: 'package.json', text: JSON.stringify(manifest) };
}

/** Imports of our own files. */
const ownImport = /(\bfrom |\bimport )'(\.[^']+)\.ts'/g;

async function addSource(files: Map<string, ProgramFile>, file: URL, base: URL): Promise<void> {
  if (files.has(file.href)) return;
  const source = stripTypeScriptTypes(await readFile(file, 'utf8'));
  const path = relative(fileURLToPath(base), fileURLToPath(file)).replace(/\.ts$/, '.js');
  files.set(file.href, { path, text: source.replaceAll(ownImport, "$1'$2.js'") });
  for (const [, , imported = ''] of source.matchAll(ownImport)) {
    await addSource(files, new URL(`${imported}.ts`, file), base);
  }
}
