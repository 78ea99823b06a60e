import { describe, expect, test } from 'vitest';
import { anOrder, type GivenContainer } from '../../../test/fixtures/an-order.ts';
import { containerBody } from './container-body.ts';
import { containerSpecs } from './container-spec.ts';
import { sharedSettings } from './linux-settings.ts';

function bodyOf(
  given: Partial<GivenContainer>,
  {
    imageEnvironment = [] as string[],
    order = {} as Parameters<typeof anOrder>[1],
    keepsRawSockets = false,
  } = {},
) {
  const made = anOrder([{ image: 'nginx', ...given }], order);
  const [spec] = containerSpecs(made);
  if (!spec) throw new Error('An order has a container.');
  return containerBody(spec, {
    order: made,
    installationId: 'here',
    storage: { fileSystems: new Map(), managedVolumes: { deviceOf: (id) => `/volumes/${id}` } },
    pauseId: 'pause',
    keepsRawSockets,
    hostRanges: new Map(),
    nameServers: [],
    cgroupParent: undefined,
    allowsFileLimit: true,
    boundsLayers: false,
    image: spec.definition.image,
    endpointUrl: undefined,
    imageEnvironment,
  });
}

test('a container joins the network of its task and nothing else by default', () => {
  const { HostConfig, ...body } = bodyOf({});
  expect(HostConfig).toMatchObject({ NetworkMode: 'container:pause', Privileged: false });
  expect(HostConfig).not.toHaveProperty('PidMode');
  expect(body).not.toHaveProperty('Entrypoint');
  expect(body).not.toHaveProperty('Cmd');
});

test("an image's own health check counts for nothing", () => {
  expect(bodyOf({}).Healthcheck).toEqual({ Test: ['NONE'] });
});

test('a health check has the defaults of ECS', () => {
  const healthCheck = { command: ['CMD', 'ok'] };
  expect(bodyOf({ healthCheck }).Healthcheck).toEqual({
    Test: ['CMD', 'ok'],
    Interval: 30e9,
    Timeout: 5e9,
    Retries: 3,
    StartPeriod: 0,
  });
});

describe('environment', () => {
  test('a variable of the user takes the place of one of ours', () => {
    const environment = [{ name: 'HOSTNAME', value: 'mine' }];
    expect(bodyOf({ environment }).Env).toEqual([
      'AWS_EXECUTION_ENV=AWS_ECS_FARGATE',
      'HOSTNAME=mine',
      'AWS_REGION=us-east-1',
      'AWS_DEFAULT_REGION=us-east-1',
    ]);
  });

  test.each([
    { of: 'task definition', environment: [{ name: 'AWS_DEFAULT_REGION', value: 'x' }], image: [] },
    { of: 'image', environment: [], image: ['AWS_REGION=x'] },
  ])('a region that the $of chooses keeps both of ours out', ({ environment, image }) => {
    const { Env } = bodyOf({ environment }, { imageEnvironment: image });
    expect(Env).not.toContain('AWS_REGION=us-east-1');
    expect(Env).not.toContain('AWS_DEFAULT_REGION=us-east-1');
  });
});

describe('resources', () => {
  test.each([
    { cpu: 0, shares: 2 },
    { cpu: 1, shares: 2 },
    { cpu: 512, shares: 512 },
    { cpu: 1_000_000, shares: 262_144 },
  ])('$cpu cpu units are $shares shares', ({ cpu, shares }) => {
    expect(bodyOf({ cpu }).HostConfig.CpuShares).toBe(shares);
  });

  test("a container without a limit of its own has the task's, and no swap", () => {
    const bytes = 512 * 1024 * 1024;
    expect(bodyOf({}).HostConfig).toMatchObject({ Memory: bytes, MemorySwap: bytes });
    expect(bodyOf({ memory: 128 }).HostConfig.Memory).toBe(128 * 1024 * 1024);
  });

  test('open files are limited as on Fargate, unless the user says otherwise', () => {
    const { Ulimits } = bodyOf({}).HostConfig;
    expect(Ulimits).toEqual([{ Name: 'nofile', Soft: 65_535, Hard: 65_535 }]);
    const own = bodyOf({ ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 2 }] });
    expect(own.HostConfig.Ulimits).toEqual([{ Name: 'nofile', Soft: 1, Hard: 2 }]);
  });
});

test('parameters of Linux are passed on', () => {
  const linuxParameters = {
    initProcessEnabled: true,
    sharedMemorySize: 64,
    capabilities: { add: ['SYS_PTRACE' as const], drop: ['MKNOD' as const] },
    tmpfs: [{ containerPath: '/scratch', size: 16, mountOptions: ['noexec'] }],
    devices: [{ hostPath: '/dev/fuse', permissions: ['read' as const] }],
  };
  expect(bodyOf({ linuxParameters }).HostConfig).toMatchObject({
    Init: true,
    ShmSize: 64 * 1024 * 1024,
    CapAdd: ['SYS_PTRACE'],
    CapDrop: ['MKNOD', 'NET_RAW'],
    Tmpfs: { '/scratch': 'size=16m,noexec' },
    Devices: [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'r' }],
  });
});

test('a container has no raw sockets unless its definition or the operator says so', () => {
  const dropped = (
    capabilities?: { add?: ('NET_RAW' | 'ALL')[]; drop?: ('NET_RAW' | 'ALL')[] },
    keepsRawSockets = false,
  ) => {
    const given = capabilities ? { linuxParameters: { capabilities } } : {};
    return bodyOf(given, { keepsRawSockets }).HostConfig.CapDrop;
  };
  expect(dropped()).toEqual(['NET_RAW']);
  expect(dropped({ drop: ['NET_RAW'] })).toEqual(['NET_RAW']);
  expect(dropped({ drop: ['ALL'] })).toEqual(['ALL']);
  expect(dropped({ add: ['NET_RAW'] })).toEqual([]);
  expect(dropped({ add: ['ALL'] })).toEqual([]);
  expect(dropped(undefined, true)).toEqual([]);
  expect(bodyOf({ privileged: true }).HostConfig.CapDrop).toEqual([]);
});

test('settings of the network go to the pause container, others stay', () => {
  const systemControls = [
    { namespace: 'net.core.somaxconn', value: '1024' },
    { namespace: 'kernel.msgmax', value: '8192' },
  ];
  expect(bodyOf({ systemControls }).HostConfig.Sysctls).toEqual({ 'kernel.msgmax': '8192' });
  const order = anOrder([{ image: 'nginx', systemControls }]);
  expect(sharedSettings(order, containerSpecs(order))).toEqual({
    sysctls: { 'net.core.somaxconn': '1024' },
  });
});

test('containers of a task with pidMode task see each other', () => {
  const { HostConfig } = bodyOf({}, { order: { content: { pidMode: 'task' } } });
  expect(HostConfig.PidMode).toBe('container:pause');
});

test("ECS's labels take the place of the user's", () => {
  const dockerLabels = { 'com.amazonaws.ecs.container-name': 'forged', 'longshore.role': 'pause' };
  expect(bodyOf({ dockerLabels }).Labels).toMatchObject({
    'com.amazonaws.ecs.container-name': 'main',
    'longshore.role': 'app',
  });
});

describe('GPUs', () => {
  const resourceRequirements = [{ type: 'GPU' as const, value: '2' }];
  const request = { Driver: 'nvidia', Capabilities: [['gpu']] };

  test('are asked for by their number where nobody chose them', () => {
    const { DeviceRequests } = bodyOf({ resourceRequirements }).HostConfig;
    expect(DeviceRequests).toEqual([{ ...request, Count: 2 }]);
  });

  test('that the task was placed on are those of its container', () => {
    const order = anOrder([{ image: 'nginx', resourceRequirements }]);
    const containers = order.task.containers.map((container) => ({
      ...container,
      gpuIds: ['GPU-a', 'GPU-b'],
    }));
    const { DeviceRequests } = bodyOf(
      { resourceRequirements },
      { order: { task: { containers } } },
    ).HostConfig;
    expect(DeviceRequests).toEqual([{ ...request, DeviceIDs: ['GPU-a', 'GPU-b'] }]);
  });
});

test('swap comes on top of the memory, and without maxSwap nothing is said of it', () => {
  const mebibyte = 1024 * 1024;
  const swapping = bodyOf({ memory: 64, linuxParameters: { maxSwap: 32, swappiness: 0 } });
  expect(swapping.HostConfig).toMatchObject({ MemorySwap: 96 * mebibyte, MemorySwappiness: 0 });
  expect(bodyOf({ linuxParameters: { swappiness: 5 } }).HostConfig).not.toHaveProperty(
    'MemorySwappiness',
  );
});

test('a value of a security option is data, whatever is in it', () => {
  const dockerSecurityOptions = ['apparmor:x=seccomp=unconfined', 'no-new-privileges'];
  expect(bodyOf({ dockerSecurityOptions }).HostConfig.SecurityOpt).toEqual([
    'apparmor=x=seccomp=unconfined',
    'no-new-privileges',
  ]);
});
describe('a container of an EC2 task', () => {
  const order = { task: { launchType: 'EC2' }, content: { networkMode: 'bridge' } } as const;

  test('is told so, and has the host name that Docker gives it', () => {
    expect(bodyOf({}, { order }).Env).toEqual([
      'AWS_EXECUTION_ENV=AWS_ECS_EC2',
      'AWS_REGION=us-east-1',
      'AWS_DEFAULT_REGION=us-east-1',
    ]);
  });

  test('keeps the limit of open files of the Engine, and has its own settings of the network', () => {
    const systemControls = [{ namespace: 'net.core.somaxconn', value: '1024' }];
    const dockerSecurityOptions = ['no-new-privileges'];
    expect(bodyOf({ systemControls, dockerSecurityOptions }, { order }).HostConfig).toMatchObject({
      NetworkMode: 'bridge',
      Ulimits: [],
      Sysctls: { 'net.core.somaxconn': '1024' },
      SecurityOpt: dockerSecurityOptions,
    });
  });

  test('takes over volumes of another by the name that this has on Docker', () => {
    const volumesFrom = [{ sourceContainer: 'data', readOnly: true }];
    expect(bodyOf({ volumesFrom }, { order }).HostConfig.VolumesFrom).toEqual([
      expect.stringMatching(/^ecs-test-1-data-[0-9a-f]{20}:ro$/),
    ]);
  });
});
