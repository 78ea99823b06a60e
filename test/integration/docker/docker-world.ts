import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import {
  DockerCompute,
  type DockerComputeSetting,
} from '../../../src/compute/docker/docker-compute.ts';
import { Engine } from '../../../src/compute/docker/engine.ts';
import { localEngine } from '../../../src/config.ts';
import { installationLabel, labelKeys } from '../../../src/compute/docker/names.ts';
import { TaskLogs } from '../../../src/logs/task-logs.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import type { ContainerLife, World } from '../compute-suite.ts';
import type { GivenContainer } from '../../fixtures/an-order.ts';
import { silentLog } from '../../fixtures/silent-log.ts';

/** Busybox; made by the set-up of the tests, since there may be no registry. */
export const testImage = 'longshore-test/busybox:latest';

/** A Docker Engine, by default this machine's, with an installation and a network of the test's own. */
export class DockerWorld implements World {
  readonly name = 'Docker';
  readonly engine: Engine;
  readonly installationId = `test-${randomBytes(6).toString('hex')}`;
  readonly networkName = `longshore-${this.installationId}`;
  readonly logs = memoryLogs();
  readonly dataDirectory = mkdtempSync(join(tmpdir(), 'longshore-test-'));

  constructor(engineUrl = localEngine) {
    this.engine = new Engine(engineUrl);
  }

  compute(given: Partial<DockerComputeSetting> = {}): DockerCompute {
    return new DockerCompute({
      engines: [this.engine.url],
      dataDirectory: this.dataDirectory,
      installationId: this.installationId,
      networkName: this.networkName,
      clock: systemClock,
      log: silentLog,
      logs: new TaskLogs(this.logs, { clock: systemClock, log: silentLog }),
      fewestWarmPauses: 1,
      firstPullRetryMs: 1,
      ...given,
    });
  }

  container({ line, exits, onStop }: ContainerLife): GivenContainer {
    const end = onStop === 'ignored' ? '' : `exit ${onStop?.exitCode ?? 143}`;
    const wait = exits
      ? `sleep ${exits.afterMilliseconds / 1000}`
      : 'while :; do sleep 1 & wait; done';
    return shell(
      [
        `trap '${end}' TERM`,
        ...(line === undefined ? [] : [`echo '${line}'`]),
        wait,
        ...(exits ? [`exit ${exits.code}`] : []),
      ].join('; '),
    );
  }

  containerOfMissingImage(): GivenContainer {
    return { image: 'registry.invalid/missing:1' };
  }

  leaving(exitCode: number): GivenContainer {
    return this.container({ line: 'up', onStop: { exitCode } });
  }

  async leave({ task }: TaskOrder): Promise<void> {
    const all = await this.engine.listContainers(`${labelKeys.taskArn}=${task.arn}`);
    for (const { Id } of all) {
      const { signal } = new AbortController();
      // A shell that has just started heeds no signal yet: it has once it has written its line.
      for await (const _ of await this.engine.logs(Id, { follow: true, signal })) break;
      await this.engine.stopContainer(Id, 30);
    }
  }

  async cleanUp(): Promise<void> {
    const label = installationLabel(this.installationId);
    for (const { Id } of await this.engine.listContainers(label)) {
      await this.engine.removeContainer(Id);
    }
    // A removal that was under way already is waited for.
    await vi.waitUntil(
      async () => (await this.engine.listContainers(label)).length === 0,
      patience,
    );
    for (const volume of await this.engine.listVolumes(label)) {
      await this.engine.removeVolume(volume);
    }
  }

  async close(): Promise<void> {
    await this.cleanUp();
    await this.engine.removeNetwork(this.networkName);
    await this.logs.close();
    await rm(this.dataDirectory, { recursive: true });
  }
}

/** A loaded Engine takes its time. */
const patience = { timeout: 20_000 };

export function shell(script: string): GivenContainer {
  return { image: testImage, command: ['sh', '-c', script] };
}
