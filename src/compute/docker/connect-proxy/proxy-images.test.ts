import { expect, test } from 'vitest';
import { Engine } from '../engine.ts';
import { ImageUnavailable } from '../images.ts';
import { NoProxyImage, ProxyImages } from './proxy-images.ts';

const engine = new Engine('unix:///nowhere/docker.sock');
const elsewhere = process.arch === 'arm64' ? 'x86_64' : 'aarch64';

test('an Engine of another architecture needs an image that is named', async () => {
  const required = new ProxyImages(engine).require({ Architecture: elsewhere });
  await expect(required).rejects.toThrow(NoProxyImage);
  await expect(required).rejects.toThrow('--service-connect-image');
});

test('an image that is named is taken, whatever the architecture', async () => {
  const images = { require: ({ image }: { image: string }) => taken(image) };
  const given = new ProxyImages(engine, { image: 'node:26', images });
  expect(await given.require({ Architecture: elsewhere })).toBe('node:26');
});

test('an image that is named and cannot be pulled says why', async () => {
  const images = { require: () => Promise.reject(new ImageUnavailable('CannotPull: no')) };
  const given = new ProxyImages(engine, { image: 'node:26', images });
  const required = given.require({ Architecture: elsewhere });
  await expect(required).rejects.toThrow(new NoProxyImage('CannotPull: no'));
});

function taken(image: string) {
  return Promise.resolve({ reference: image, id: 'sha256:1', environment: [] });
}
