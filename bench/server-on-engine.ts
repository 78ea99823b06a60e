import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTestImage } from '../scripts/demo-image.ts';
import { buildRelease } from '../scripts/release-bundle.ts';
import { Engine } from '../src/compute/docker/engine.ts';
import { localEngine } from '../src/config.ts';
import { installationLabel } from '../src/compute/docker/names.ts';
import { withFolder } from './folder.ts';
import { Longshore, release } from './longshore.ts';

/** What all containers are made of. */
export const image = 'longshore-test/busybox:latest';

const url = process.env['DOCKER_HOST'] || localEngine;

/** The Engine that benchmarks use, once the release and the image are there. */
export async function prepareEngine(): Promise<Engine> {
  await buildRelease();
  await ensureTestImage(() => undefined);
  return new Engine(url);
}

export interface ServerOnEngine {
  readonly server: Longshore;
  readonly port: number;
  /** What its containers are labelled with. */
  readonly installationId: string;
}

/** Gives work a released server over the Engine; of what it made, nothing is left afterwards. */
export function withServer<Result>(
  engine: Engine,
  options: readonly string[],
  work: (running: ServerOnEngine) => Promise<Result>,
): Promise<Result> {
  return withFolder(async (folder) => {
    const usual = ['--listen', '127.0.0.1:0', '--data', folder, '--engine', url];
    const server = new Longshore(release, [...usual, ...options]);
    const port = await server.port();
    const installationId = readFileSync(join(folder, 'installation-id'), 'utf8').trim();
    try {
      return await work({ server, port, installationId });
    } finally {
      await server.stop();
      for (const { Id } of await engine.listContainers(installationLabel(installationId))) {
        await engine.removeContainer(Id);
      }
    }
  });
}
