import { readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'dist/release');
const sdkSchemas = join(root, 'node_modules/@aws-sdk/client-ecs/dist-es/schemas/schemas_0.js');

/** The compiled server. `npm start` runs it in place of the sources while none of them is newer. */
export const releaseEntrance = join(folder, 'release.cjs');

/** Node's own modules, and what is loaded from node_modules: only where Docker is driven. */
const external = [/^node:/, 'docker-modem'];

/**
 * Compiles the server into a few files of JavaScript.
 *
 * They are CommonJS: importing node:http as an ES module also loads its WebSocket, which takes as long as all of Node
 * does. Names and lines are left as they are, so that a stack can be read.
 */
export async function buildRelease(): Promise<string> {
  const startedAt = new Date();
  await rm(folder, { recursive: true, force: true });
  const bundle = await rolldown({
    input: {
      release: join(root, 'src/release.ts'),
      thread: join(root, 'src/store/sqlite/thread.ts'),
    },
    platform: 'node',
    external,
    plugins: [schemasOfTheSdk, bundledLazily],
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
  });
  await bundle.close();
  // So that a source which changed in the meantime counts as newer.
  await utimes(releaseEntrance, startedAt, startedAt);
  const characters = output.reduce(
    (sum, file) => sum + (file.type === 'chunk' ? file.code.length : 0),
    0,
  );
  return `${output.length} files, ${Math.round(characters / 1024)} KiB`;
}

/**
 * At run time the SDK's schemas are all that the server uses of it. They stand in a file of their own, which also
 * registers the client's error classes; without these it needs no other file.
 */
const schemasOfTheSdk: Plugin = {
  name: 'schemas-of-the-sdk',
  resolveId: (id) => (id === '@aws-sdk/client-ecs' ? sdkSchemas : undefined),
  load: async (id) => (id === sdkSchemas ? withoutErrorClasses(await readFile(id, 'utf8')) : null),
};

function withoutErrorClasses(code: string): string {
  return code
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^const \w+ = new TypeRegistry\(.*$/gm, '')
    .replaceAll(/^\w+\.registerError\(.*$/gm, '')
    .replace(/^export const errorTypeRegistries = \[[^\]]*\];$/m, '');
}

/** What a module requires when it first needs it goes into the bundle too, where that finds it. */
const bundledLazily: Plugin = {
  name: 'bundled-lazily',
  transform: (code) => code.replaceAll('createRequire(import.meta.url)(', 'require('),
};
