import { expect, test } from 'vitest';
import type { ProxyConfig } from '../domain/service-connect/proxy-config.ts';
import { parseConfig } from './parse-config.ts';

const whole: ProxyConfig = {
  egress: [
    {
      address: '127.255.0.1',
      port: 80,
      protocol: 'http',
      idleTimeoutSeconds: 300,
      perRequestTimeoutSeconds: 15,
      endpoints: [{ id: 'a', address: '10.0.0.1', port: 8080 }],
    },
    { address: '127.255.0.2', port: 5432, protocol: 'tcp', idleTimeoutSeconds: 0, endpoints: [] },
  ],
  ingress: [{ port: 9000, targetPort: 80, protocol: 'grpc', idleTimeoutSeconds: 300 }],
  accessLog: { format: 'JSON', includeQueryParameters: true },
  logLevel: 'debug',
};

test('a configuration is read as it was written', () => {
  expect(parseConfig(JSON.stringify(whole))).toEqual(whole);
});

const [http] = whole.egress;

test.each([
  { given: '{', at: 'The configuration is not JSON.' },
  { given: '[]', at: 'egress' },
  { given: { ...whole, egress: undefined }, at: 'egress' },
  { given: { ...whole, egress: [{ ...http, address: 'api' }] }, at: 'address' },
  { given: { ...whole, egress: [{ ...http, port: 0 }] }, at: 'egress.port' },
  { given: { ...whole, egress: [{ ...http, port: 65_536 }] }, at: 'egress.port' },
  { given: { ...whole, egress: [{ ...http, protocol: 'udp' }] }, at: 'egress.protocol' },
  { given: { ...whole, egress: [{ ...http, endpoints: [{}] }] }, at: 'endpoints.id' },
  { given: { ...whole, egress: [{ ...http, idleTimeoutSeconds: -1 }] }, at: 'idleTimeoutSeconds' },
  { given: { ...whole, ingress: [null] }, at: 'ingress' },
  { given: { ...whole, accessLog: { format: 'XML' } }, at: 'accessLog.format' },
  { given: { ...whole, logLevel: 'loud' }, at: 'logLevel' },
])('a configuration that is broken says where: $at', ({ given, at }) => {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const message = at.endsWith('.') ? at : `The configuration is broken at ${at}.`;
  expect(() => parseConfig(text)).toThrow(message);
});
