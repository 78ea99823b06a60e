import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  ProxyImages,
  proxyRepository,
} from '../../../src/compute/docker/connect-proxy/proxy-images.ts';
import {
  proxyCommand,
  proxyFiles,
} from '../../../src/compute/docker/connect-proxy/proxy-program.ts';
import type { ContainerBody } from '../../../src/compute/docker/engine-types.ts';
import { EngineUnreachable } from '../../../src/compute/docker/engine.ts';
import { labelKeys } from '../../../src/compute/docker/names.ts';
import { pauseArchitecture } from '../../../src/compute/docker/pause-image.ts';
import { tarOf } from '../../../src/compute/docker/tar.ts';
import {
  proxyConfigPath,
  proxyHealthyPath,
  type ProxyConfig,
} from '../../../src/domain/service-connect/proxy-config.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const { engine } = world;
const alias = '127.255.0.1';
let image: string;
let architecture: string;

beforeAll(async () => {
  architecture = (await engine.info()).Architecture;
  image = await new ProxyImages(engine).require({ Architecture: architecture });
});
afterEach(() => world.cleanUp());
afterAll(() => world.close());

async function create(name: string, body: Partial<ContainerBody>): Promise<string> {
  const { HostConfig, ...rest } = body;
  return engine.createContainer(`${world.installationId}-${name}`, {
    Image: testImage,
    Labels: { [labelKeys.installation]: world.installationId },
    ...rest,
    HostConfig: {
      NetworkMode: 'bridge',
      LogConfig: { Type: 'json-file', Config: {} },
      ...HostConfig,
    },
  });
}

/** A container in a network namespace of its own that says a word to who asks at port 8080. */
async function speaker(word: string): Promise<{ readonly id: string; readonly address: string }> {
  const script = `mkdir /w && echo ${word} > /w/word && exec httpd -f -p 8080 -h /w`;
  const id = await create(word, { Entrypoint: ['sh', '-c', script] });
  await engine.startContainer(id);
  const { NetworkSettings } = await engine.inspectContainer(id);
  return { id, address: NetworkSettings.Networks['bridge']?.IPAddress ?? '' };
}

function configOf(addresses: readonly string[]): ProxyConfig {
  const endpoints = addresses.map((address) => ({ id: address, address, port: 8080 }));
  const timeouts = { idleTimeoutSeconds: 300, perRequestTimeoutSeconds: 15 };
  return {
    egress: [{ address: alias, port: 8080, protocol: 'http', endpoints, ...timeouts }],
    ingress: [],
    logLevel: 'info',
  };
}

async function configure(id: string, config: ProxyConfig): Promise<void> {
  const content = Buffer.from(JSON.stringify(config));
  const entry = { name: proxyConfigPath.slice(1), mode: 0o644, content };
  await engine.putArchive(id, '/', tarOf([entry]));
}

/** Starts a proxy beside a container; resolves when it is healthy. */
async function proxyBeside(neighbour: string, config: ProxyConfig, CapAdd = ['NET_ADMIN']) {
  const id = await create('proxy', {
    Image: image,
    Entrypoint: proxyCommand,
    HostConfig: {
      NetworkMode: `container:${neighbour}`,
      CapAdd,
      LogConfig: { Type: 'json-file', Config: {} },
    },
  });
  await engine.putArchive(id, '/', tarOf([...(await proxyFiles(pauseArchitecture(architecture)))]));
  await configure(id, config);
  await engine.startContainer(id);
  await expect.poll(() => isHealthy(id)).toBe(true);
  return id;
}

function isHealthy(id: string): Promise<boolean> {
  return engine.hasFile(id, proxyHealthyPath);
}

/** What a command in a container writes. */
async function said(id: string, command: string): Promise<string> {
  const exec = await engine.createExec(id, {
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
    User: '',
    Cmd: ['sh', '-c', command],
  });
  return (await text(await engine.attachExec(exec))).trim();
}

const asks = `wget -qO- http://${alias}:8080/word 2>&1`;

test('a container that listens at the port of an alias reaches the alias, and follows its endpoints', async () => {
  const [client, a, b] = [await speaker('own'), await speaker('a'), await speaker('b')];
  const proxy = await proxyBeside(client.id, configOf([a.address]));
  expect(await said(client.id, asks)).toBe('a');
  expect(await said(client.id, 'wget -qO- http://127.0.0.1:8080/word')).toBe('own');

  await configure(proxy, configOf([b.address]));
  await expect.poll(() => said(client.id, asks)).toBe('b');
  await configure(proxy, configOf([]));
  await expect.poll(() => said(client.id, asks)).toContain('503 Service Unavailable');

  await engine.stopContainer(proxy, 30);
  const { State } = await engine.inspectContainer(proxy);
  expect(State).toMatchObject({ Status: 'exited', ExitCode: 0 });
  expect(await isHealthy(proxy)).toBe(false);
});

test('a proxy that may change nothing in its network namespace listens at the port of the alias', async () => {
  const id = await create('client', { Entrypoint: ['sleep', '600'] });
  await engine.startContainer(id);
  const a = await speaker('a');
  await proxyBeside(id, configOf([a.address]), []);
  expect(await said(id, asks)).toBe('a');
  expect(await said(id, 'netstat -ltn')).toContain(`${alias}:8080`);
});

test('an image that only half came is none, and whoever needs it makes it', async () => {
  const tag = world.installationId;
  const half = async function* () {
    yield tarOf([{ name: 'half', mode: 0o644, content: Buffer.alloc(1_000_000) }]).subarray(
      0,
      5000,
    );
    throw new Error('This end is gone.');
  };
  const importing = engine.importImage(proxyRepository, tag, Readable.from(half()));
  await expect(importing).rejects.toThrow(EngineUnreachable);
  expect(await engine.findImage(`${proxyRepository}:${tag}`)).toBeUndefined();

  const images = new ProxyImages(engine);
  const needs = [1, 2].map(() => images.require({ Architecture: architecture }));
  expect(await Promise.all(needs)).toEqual([image, image]);
});
