import { expect, test } from 'vitest';
import { anOrder, type GivenContainer } from '../../../test/fixtures/an-order.ts';
import { containerSpecs } from './container-spec.ts';
import { impossibleReason, type EngineAbilities } from './impossible.ts';

function reasonOf(given: Partial<GivenContainer>, abilities: EngineAbilities) {
  const order = anOrder([{ image: 'nginx', ...given }]);
  return impossibleReason(order, containerSpecs(order), {
    abilities,
    engine: { isLocal: true },
    fileSystems: new Map(),
    managedVolumes: { deviceOf: (id) => id },
  });
}

const swap = { linuxParameters: { maxSwap: 64, swappiness: 10 } };
const profile = { dockerSecurityOptions: ['apparmor:strict'] };
const gpu: Partial<GivenContainer> = { resourceRequirements: [{ type: 'GPU', value: '1' }] };

test.each<[string, Partial<GivenContainer>, EngineAbilities]>([
  ['maxSwap needs', swap, { CgroupVersion: '1', SwapLimit: false }],
  ['swappiness needs cgroup v1', swap, { CgroupVersion: '2', SwapLimit: true }],
  ['apparmor:strict needs AppArmor', profile, { SecurityOptions: ['name=seccomp'] }],
  ['label:type:x needs SELinux', { dockerSecurityOptions: ['label:type:x'] }, {}],
  ['no credentialspec:', { dockerSecurityOptions: ['credentialspec:file://x'] }, {}],
  ['GPU needs', gpu, { Runtimes: { runc: {} } }],
])('a task that the Engine would run wrongly is refused: %s', (words, given, abilities) => {
  expect(reasonOf(given, abilities)).toMatch(/^ResourceInitializationError: .*container main: /);
  expect(reasonOf(given, abilities)).toContain(words);
});

test.each<[Partial<GivenContainer>, EngineAbilities]>([
  [swap, { CgroupVersion: '1', SwapLimit: true }],
  [{ linuxParameters: { swappiness: 10 } }, { CgroupVersion: '2' }],
  [profile, { SecurityOptions: ['name=apparmor', 'name=seccomp,profile=default'] }],
  [{ dockerSecurityOptions: ['no-new-privileges'] }, {}],
  [gpu, { Runtimes: { nvidia: {}, runc: {} } }],
])('%j is taken by an Engine with %j', (given, abilities) => {
  expect(reasonOf(given, abilities)).toBeUndefined();
});

test('a Linux Engine runs nothing for a task definition of Windows', () => {
  const runtimePlatform = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } as const;
  const order = anOrder([{ image: 'nginx' }], { content: { runtimePlatform } });
  const reason = impossibleReason(order, containerSpecs(order), {
    abilities: {},
    engine: { isLocal: true },
    fileSystems: new Map(),
    managedVolumes: { deviceOf: (id) => id },
  });
  expect(reason).toMatch(/: operatingSystemFamily WINDOWS_SERVER_2022_CORE needs Windows/);
});
