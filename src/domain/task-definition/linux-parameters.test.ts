import type { LinuxParameters } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  registrationRefusal,
  withContainer,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

const invalidTmpfs = "Invalid 'tmpfs' setting for container 'app'.";
const invalidSystemControls = "Invalid 'systemControls' setting for container 'app'.";

test.each<RefusedCase>([
  {
    what: 'an unknown capability',
    given: linux({ capabilities: { drop: ['CAP_FLY'] } }),
    message: 'Unrecognized capability CAP_FLY',
  },
  {
    what: 'an unknown permission of a device',
    given: withUntypedContainer({
      linuxParameters: { devices: [{ hostPath: '/dev/fuse', permissions: ['own'] }] },
    }),
    message: 'Device permission should be one of [read,write,mknod]',
  },
  {
    what: 'negative swap',
    given: linux({ maxSwap: -1 }),
    message: "Invalid 'maxSwap' setting for container 'app'.",
  },
  {
    what: 'swappiness of 101',
    given: linux({ swappiness: 101 }),
    message: "Invalid 'swappiness' setting for container 'app'.",
  },
  {
    what: 'negative swappiness',
    given: linux({ swappiness: -1 }),
    message: "Invalid 'swappiness' setting for container 'app'.",
  },
  {
    what: 'negative shared memory',
    given: linux({ sharedMemorySize: -1 }),
    message: "Invalid 'sharedMemorySize' setting for container 'app'.",
  },
  { what: 'an empty tmpfs', given: tmpfs('/tmp', 0), message: invalidTmpfs },
  {
    what: 'a tmpfs with an option that is none',
    given: tmpfs('/tmp', 64, ['noexec', 'fast']),
    message: invalidTmpfs,
  },
  { what: 'a tmpfs at a relative path', given: tmpfs('tmp', 64), message: invalidTmpfs },
  {
    what: 'a kernel parameter without a namespace',
    given: controls('vm.swappiness'),
    message: invalidSystemControls,
  },
  {
    what: 'a parameter of the host network',
    given: { networkMode: 'host', ...controls('net.core.somaxconn') },
    message: invalidSystemControls,
  },
  {
    what: 'a parameter of the host IPC namespace',
    given: { ipcMode: 'host', ...controls('kernel.sem') },
    message: invalidSystemControls,
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'capabilities', given: linux({ capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } }) },
  {
    what: 'a device',
    given: linux({ devices: [{ hostPath: '/dev/fuse', permissions: ['read'] }] }),
  },
  { what: 'no swap', given: linux({ maxSwap: 0, swappiness: 0 }) },
  { what: 'swappiness of 100', given: linux({ swappiness: 100 }) },
  { what: 'a tmpfs', given: tmpfs('/tmp', 1) },
  { what: 'a tmpfs with options', given: tmpfs('/tmp', 1, ['noexec', 'mode=1777']) },
  { what: 'a network parameter', given: controls('net.core.somaxconn') },
  { what: 'an IPC parameter', given: controls('kernel.shm_rmid_forced') },
  { what: 'a message queue parameter', given: controls('fs.mqueue.msg_max') },
  {
    what: 'an IPC parameter on the host network',
    given: { networkMode: 'host', ...controls('kernel.sem') },
  },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

function linux(linuxParameters: LinuxParameters): Given {
  return withContainer({ linuxParameters });
}

function tmpfs(containerPath: string, size: number, mountOptions: string[] = []): Given {
  return linux({ tmpfs: [{ containerPath, size, mountOptions }] });
}

function controls(namespace: string): Given {
  return withContainer({ systemControls: [{ namespace, value: '1' }] });
}
