import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { startManualServer } from './manual-server.ts';
import { describeService } from './service-requests.ts';

/** When the server was killed that wrote the records, and whose they are. */
const killedAt = Date.UTC(2026, 10, 22, 2, 54, 29);
const accountId = '111111111111';

/** What a server wrote in form 1: something of everything, amid a deployment of the service `shop`. */
async function recordsInForm1(): Promise<readonly StoredRecord[]> {
  const file = new URL('../fixtures/stored-forms/form-1.jsonl', import.meta.url);
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => {
    const { body, ...record }: Omit<StoredRecord, 'body'> & { body: object } = JSON.parse(line);
    return { ...record, body: JSON.stringify(body) };
  });
}

async function diskWith(records: readonly StoredRecord[]): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const store = await disk.open();
  const { epoch } = await store.lease('an older release');
  await store.commit({ puts: records, deletes: [], appends: [] }, epoch);
  await store.close();
  return disk;
}

async function formsOf(disk: MemoryDisk, kind: string): Promise<readonly number[]> {
  const store = await disk.open();
  const forms: number[] = [];
  for await (const records of store.load()) {
    forms.push(...records.filter((one) => one.kind === kind).map(({ form }) => form));
  }
  await store.close();
  return forms;
}

test('services of an older release go on: a deployment amid which it was killed completes, the next one too', async () => {
  const disk = await diskWith(await recordsInForm1());
  {
    await using manual = await startManualServer(
      {},
      { store: await disk.open(), startAt: killedAt },
    );
    const { server, advance } = manual;
    const ecs = server.client(accountId);
    expect(await describeService(ecs)).toMatchObject({
      schedulingStrategy: 'REPLICA',
      placementConstraints: [],
      placementStrategy: [],
      deployments: [{ rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE' }],
    });
    await advance(120_000);
    expect(await describeService(ecs)).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'COMPLETED', runningCount: 2 }],
    });
    await ecs.updateService({ service: 'shop', taskDefinition: 'web:1', desiredCount: 3 });
    await advance(120_000);
    expect(await describeService(ecs)).toMatchObject({
      runningCount: 3,
      deployments: [{ rolloutState: 'COMPLETED', runningCount: 3 }],
    });
    expect(server.errors).toEqual([]);
    ecs.destroy();
  }
  expect(await formsOf(disk, 'service')).toContain(4);
});
