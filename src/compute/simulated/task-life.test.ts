import { describe, expect, test } from 'vitest';
import { aLoop, aScriptedDefinition, atOnce, minuteMs } from '../../../test/fixtures/simulated.ts';

describe('a server that comes back', () => {
  test('finds running tasks running', async () => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition({}));
    loop.advance(1000);
    const before = loop.task(arn);
    await loop.restart();
    loop.advance(minuteMs);
    expect(loop.task(arn)).toBe(before);
    loop.stop(arn);
    loop.advance(minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      containers: [{ exitCode: 143 }],
    });
  });

  test('finds a task whose time came while it was away ended at that time', async () => {
    const loop = await aLoop({ delays: atOnce });
    const arn = loop.run(
      aScriptedDefinition({ script: { 'exit-after': '10s', 'exit-code': '9' } }),
    );
    loop.advance(1000);
    await loop.compute.close();
    loop.advance(minuteMs);
    await loop.restart();
    loop.advance(1000);
    const task = loop.task(arn);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 9 }] });
    expect((task.executionStoppedAt ?? 0) - (task.startedAt ?? 0)).toBe(10_000);
  });

  test.each([10, 60, 150, 210, 260])('goes on with a start of %d ms', async (afterMs) => {
    const loop = await aLoop();
    const arn = loop.run(
      aScriptedDefinition(
        { dependsOn: [{ containerName: 'db', condition: 'START' }] },
        {
          name: 'db',
        },
      ),
    );
    loop.advance(afterMs);
    await loop.restart();
    loop.advance(1000);
    expect(loop.task(arn)).toMatchObject({ lastStatus: 'RUNNING', version: 3 });
  });

  test.each([10, 2030, 2060])('goes on with a stop of %d ms', async (afterMs) => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition({ script: { 'stop-delay': '2s' } }));
    loop.advance(1000);
    loop.stop(arn);
    loop.advance(afterMs);
    await loop.restart();
    loop.advance(minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      containers: [{ exitCode: 143 }],
    });
  });

  test('gives no address of a running task to a new one', async () => {
    const loop = await aLoop();
    const before = loop.run(aScriptedDefinition({}));
    loop.advance(1000);
    await loop.restart();
    const after = loop.run(aScriptedDefinition({}));
    loop.advance(1000);
    const [one, other] = [before, after].map((arn) => loop.task(arn).networkInterface?.address);
    expect(other?.privateIpv4Address).toMatch(/^10\./);
    expect(other?.privateIpv4Address).not.toBe(one?.privateIpv4Address);
  });
});
