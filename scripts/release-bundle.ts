import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'dist/release');
const schemasOf = (client: string) =>
  join(root, `node_modules/@aws-sdk/${client}/dist-es/schemas/schemas_0.js`);
/** Packages in files of their own: what first needs one loads it, and no start waits for it. */
const ownFiles: Readonly<Record<string, string>> = {
  '@aws-sdk/client-ecs': 'ecs-schemas',
  '@aws-sdk/client-cloudwatch-logs': 'logs-schemas',
  pino: 'pino',
  ws: 'ws',
};
const ecsSchemas = schemasOf('client-ecs');
const logsSchemas = schemasOf('client-cloudwatch-logs');

/** The compiled server. `npm start` runs it in place of the sources while none of them is newer. */
export const releaseEntrance = join(folder, 'release.cjs');

/** Node's own modules, and what is loaded from node_modules: only where Docker is driven. */
const external = [/^node:/, 'docker-modem'];

/**
 * Node keeps what it compiles of the other files beside them, which makes all starts but the first quicker. It writes
 * that when it ends, and here before, for servers that are killed. Where it may not write there, nothing else changes.
 */
const entrance = `
const { enableCompileCache, flushCompileCache } = require('node:module');
enableCompileCache(require('node:path').join(__dirname, 'compile-cache'));
setTimeout(flushCompileCache, 5_000).unref();
require('./main.cjs');
`;

/**
 * Compiles the server into a few files of JavaScript.
 *
 * They are CommonJS: importing node:http as an ES module also loads its WebSocket, which takes as long as all of Node
 * does. Names and lines are left in place, so that a stack can be read.
 */
export async function buildRelease(): Promise<string> {
  const startedAt = new Date();
  await rm(folder, { recursive: true, force: true });
  // Each by itself: a file that both share could be the one that runs the server when it is loaded.
  const sizes = [
    await compile({ main: 'src/main.ts' }),
    await compile({ thread: 'src/store/sqlite/thread.ts' }),
    await compile({ 'log-thread': 'src/logs/sqlite/log-thread.ts' }),
    await compile({ 'ecs-schemas': ecsSchemas }),
    await compile({ 'logs-schemas': logsSchemas }),
    await compile({ pino: 'node_modules/pino/pino.js' }),
    await compile({ ws: 'node_modules/ws/index.js' }),
    await compile({ 'connect-proxy': 'src/connect-proxy/main.ts' }),
  ];
  await writeFile(releaseEntrance, entrance.trimStart());
  // So that a source which changed in the meantime counts as newer.
  await utimes(releaseEntrance, startedAt, startedAt);
  return `${Math.round(sizes.reduce((sum, size) => sum + size) / 1024)} KiB`;
}

/** Returns how many characters it has written. */
async function compile(input: Readonly<Record<string, string>>): Promise<number> {
  const bundle = await rolldown({
    input: Object.fromEntries(
      Object.entries(input).map(([name, file]) => [name, resolve(root, file)]),
    ),
    platform: 'node',
    external,
    plugins: [apart, schemasOfTheSdk, bundledLazily, deferredBuiltIns, inAscii],
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    comments: false,
  });
  await bundle.close();
  return output.reduce((sum, file) => sum + (file.type === 'chunk' ? file.code.length : 0), 0);
}

/**
 * At run time the SDK's schemas are all that the server uses of it. They stand in a file of their own, which also
 * registers the client's error classes; without these it needs no other file.
 */
const schemasOfTheSdk: Plugin = {
  name: 'schemas-of-the-sdk',
  load: async (id) =>
    [ecsSchemas, logsSchemas].includes(id) ? withoutErrorClasses(await readFile(id, 'utf8')) : null,
};

const apart: Plugin = {
  name: 'apart',
  resolveId: (id) => {
    const file = ownFiles[id];
    return file === undefined ? undefined : { id: `./${file}.cjs`, external: true };
  },
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

/**
 * Modules of Node that take long to load, and that nothing needs before the first call is answered, are required
 * when something first uses them.
 */
const deferredBuiltIns: Plugin = {
  name: 'deferred-built-ins',
  generateBundle: (_, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = withDeferredBuiltIns(file.code);
    }
  },
};

const deferrable = /^let (\w+) = require\("(node:crypto|node:http2)"\);$/gm;

function withDeferredBuiltIns(code: string): string {
  let deferred = code;
  for (const [line, name = '', module = ''] of code.matchAll(deferrable)) {
    // What makes an ES module of it is in the file itself, or in one that several share.
    const [conversion = '', toESM = ''] =
      new RegExp(`^${name} = ((?:\\w+\\.)?__toESM)\\(${name}, 1\\);\n`, 'm').exec(code) ?? [];
    const required = `require("${module}")`;
    const loaded = conversion === '' ? required : `${toESM}(${required}, 1)`;
    deferred = deferred
      .replace(conversion, '')
      .replaceAll(`${name}.`, `${name}().`)
      .replace(
        line,
        `let ${name} = () => { const it = ${loaded}; ${name} = () => it; return it; };`,
      );
  }
  return deferred;
}

/** V8 keeps a file in half the space, and reads it in half the time, if all of it is ASCII. */
const inAscii: Plugin = {
  name: 'in-ascii',
  generateBundle: (_, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = file.code.replaceAll(/[\u0080-\uffff]/g, escaped);
    }
  },
};

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
