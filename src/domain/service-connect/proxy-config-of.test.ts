import { expect, test } from 'vitest';
import { aServiceConnect, anEndpoint } from '../../../test/fixtures/a-service-connect.ts';
import { proxyConfigOf } from './proxy-config-of.ts';
import { hostEntriesOf } from './virtual-addresses.ts';

const nobody = () => [];

test('each alias has an address of its own, which is the one that its name has', () => {
  const reaches = [anEndpoint('api'), anEndpoint('web', { port: 8080 }), anEndpoint('db')];
  const { egress } = proxyConfigOf(aServiceConnect([], reaches), nobody);
  expect(egress.map(({ address, port }) => `${address}:${port}`)).toEqual([
    '127.255.0.1:80',
    '127.255.0.2:8080',
    '127.255.0.3:80',
  ]);
  expect(hostEntriesOf(reaches)).toEqual([
    { name: 'api.shop', address: '127.255.0.1' },
    { name: 'web.shop', address: '127.255.0.2' },
    { name: 'db.shop', address: '127.255.0.3' },
  ]);
});

test('the 256th alias is at 127.255.1.0', () => {
  const reaches = Array.from({ length: 256 }, (_, index) => anEndpoint(`n${index}`));
  expect(hostEntriesOf(reaches).at(-1)?.address).toBe('127.255.1.0');
});

test('behind an alias are the tasks of its endpoint', () => {
  const [api, web] = [anEndpoint('api'), anEndpoint('web')];
  const members = [{ id: 'a', address: '10.0.0.1', port: 8080 }];
  const membersOf = (arn: string) => (arn === web.discoveryArn ? members : []);
  const { egress } = proxyConfigOf(aServiceConnect([], [api, web]), membersOf);
  expect(egress.map(({ endpoints }) => endpoints)).toEqual([[], members]);
});

test('timeouts that nobody has chosen are those of Service Connect', () => {
  const timeout = { idleTimeoutSeconds: 0 };
  const reaches = [
    anEndpoint('grpc', { protocol: 'grpc' }),
    anEndpoint('tcp', { protocol: 'tcp' }),
    anEndpoint('own', { timeout }),
  ];
  expect(proxyConfigOf(aServiceConnect([], reaches), nobody).egress).toMatchObject([
    { idleTimeoutSeconds: 300, perRequestTimeoutSeconds: 15 },
    { idleTimeoutSeconds: 3600 },
    { idleTimeoutSeconds: 0, perRequestTimeoutSeconds: 15 },
  ]);
});

test('the proxy listens for others only where it has a port of its own for that', () => {
  const endpoints = [anEndpoint('api'), anEndpoint('web', { ingressPortOverride: 9000 })];
  expect(proxyConfigOf(aServiceConnect(endpoints), nobody).ingress).toMatchObject([
    { port: 9000, targetPort: 8080, protocol: 'http' },
  ]);
});

test('what is logged is said by the configuration of the service', () => {
  const quiet = proxyConfigOf(aServiceConnect([]), nobody);
  expect(quiet.logLevel).toBe('info');
  expect(quiet).not.toHaveProperty('accessLog');
  const configuration = {
    enabled: true,
    accessLogConfiguration: { format: 'TEXT' as const },
    containerConfigurations: [{ logLevel: 'debug' as const }],
  };
  expect(proxyConfigOf(aServiceConnect([], [], { configuration }), nobody)).toMatchObject({
    accessLog: { format: 'TEXT', includeQueryParameters: false },
    logLevel: 'debug',
  });
});
