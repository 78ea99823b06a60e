import { createHash } from 'node:crypto';
import { callEngine } from './engine.ts';
import { type Busybox, staticBusybox } from './static-busybox.ts';
import { type Progress, SetupError, type StepResult } from './steps.ts';
import { type TarEntry, tarArchive } from './tar-archive.ts';

/** An image made here, as no registry need be reachable: busybox, and what is laid over it. */
type Recipe = {
  readonly image: string;
  readonly files: readonly TarEntry[];
  /** Dockerfile instructions. */
  readonly changes: readonly string[];
};

const recipeLabel = 'longshore.recipe';
const executableMode = 0o755;
const plainMode = 0o644;

const passwd = Buffer.from('root:x:0:0:root:/root:/bin/sh\n');
const baseFiles: readonly TarEntry[] = [
  ...['bin/', 'etc/', 'root/', 'tmp/'].map((path): TarEntry => ({
    kind: 'Folder',
    path,
    mode: executableMode,
  })),
  { kind: 'File', path: 'etc/passwd', mode: plainMode, data: passwd },
];

/** What the web server of the demo image shows. */
export const demoPage = `<!doctype html>
<title>Longshore</title>
<h1>It works.</h1>
<p>This page comes from a container of an ECS task that Longshore runs.</p>
`;

/** Process 1 ignores signals that it does not handle, so the script handles the one of StopTask. */
const demoScript = `#!/bin/sh
echo "web: serving port 80 as $(hostname)"
httpd -f -v -p 80 -h /www &
trap 'echo "web: stopping"; kill $!; exit 0' TERM
wait $!
`;

const demoRecipe: Recipe = {
  image: 'longshore-demo/web:latest',
  files: [
    { kind: 'Folder', path: 'www/', mode: executableMode },
    { kind: 'File', path: 'www/index.html', mode: plainMode, data: Buffer.from(demoPage) },
    { kind: 'File', path: 'bin/serve-web', mode: executableMode, data: Buffer.from(demoScript) },
  ],
  changes: ['ENTRYPOINT ["/bin/serve-web"]', 'EXPOSE 80', 'ENV PATH=/bin'],
};

const testRecipe: Recipe = {
  image: 'longshore-test/busybox:latest',
  files: [],
  changes: ['CMD ["sh"]', 'ENV PATH=/bin'],
};

/** Makes the image of the quickstart, a small web server, unless the Engine has it. */
export async function ensureDemoImage(progress: Progress): Promise<StepResult<string>> {
  return ensureImage(demoRecipe, progress);
}

/** Makes the image that the tests run, unless the Engine has it. */
export async function ensureTestImage(progress: Progress): Promise<StepResult<string>> {
  return ensureImage(testRecipe, progress);
}

async function ensureImage(recipe: Recipe, progress: Progress): Promise<StepResult<string>> {
  const { image } = recipe;
  const ingredients = JSON.stringify([baseFiles, recipe]);
  const digest = createHash('sha256').update(ingredients).digest('hex');
  if ((await recipeOf(image)) === digest) return { note: image, value: image };

  const busybox = await staticBusybox(progress);
  progress(`importing ${image}`);
  const archive = tarArchive([...busyboxFiles(busybox), ...recipe.files]);
  await importImage(image, archive, [...recipe.changes, `LABEL ${recipeLabel}=${digest}`]);
  return { note: `${image}, made from busybox`, value: image };
}

/** The digest of the recipe that an image was made from; undefined where there is none. */
async function recipeOf(image: string): Promise<string | undefined> {
  const { status, text } = await callEngine('GET', `/images/${image}/json`);
  if (status !== 200) return undefined;
  const labels: Record<string, string> | null = JSON.parse(text).Config.Labels;
  return labels?.[recipeLabel];
}

function busyboxFiles({ data, applets }: Busybox): TarEntry[] {
  const links = applets.filter((applet) => applet !== 'busybox');
  return [
    ...baseFiles,
    { kind: 'File', path: 'bin/busybox', mode: executableMode, data },
    ...links.map((name): TarEntry => ({ kind: 'Link', path: `bin/${name}`, target: 'busybox' })),
  ];
}

async function importImage(
  image: string,
  archive: Buffer,
  changes: readonly string[],
): Promise<void> {
  const [repo = image, tag = 'latest'] = image.split(':');
  const query = new URLSearchParams({ fromSrc: '-', repo, tag });
  for (const change of changes) query.append('changes', change);
  const { status, text } = await callEngine('POST', `/images/create?${query.toString()}`, archive);
  // The Engine reports an error that comes after its first bytes as a line of the stream.
  if (status === 200 && !text.includes('"errorDetail"')) return;
  throw new SetupError(`The Docker Engine could not import ${image}: ${text.trim()}`);
}
