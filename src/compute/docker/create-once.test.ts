import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../support/clock.ts';
import { createOnce } from './create-once.ts';
import { Engine, EngineError, EngineUnreachable } from './engine.ts';
import type { ContainerBody } from './engine-types.ts';
import { Gate } from '../../support/gate.ts';
import { labelKeys } from './names.ts';

interface Made {
  readonly Id: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: { readonly NetworkMode: string };
  readonly State: { readonly Status: string };
}

const conflict = 'Conflict. The container name "/web" is already in use.';

/** The names of an Engine: one is taken before there is a container of it. */
class Names {
  taken = false;
  container: Made | undefined;
  /** Called each time that the container is looked for. */
  looked = (): void => undefined;
  readonly server: Server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    const [status, answer] = this.#answer(method, url);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer && JSON.stringify(answer));
  });

  #answer(method: string, url: string): [number, object?] {
    if (method === 'POST' && url.startsWith('/containers/create')) {
      return this.taken ? [409, { message: conflict }] : [201, { Id: 'new' }];
    }
    if (method === 'DELETE') {
      this.taken = false;
      return [204];
    }
    const { container } = this;
    this.looked();
    return container ? [200, container] : [404, { message: 'No such container: web' }];
  }
}

const labels = (taskArn: string) => ({
  [labelKeys.installation]: 'here',
  [labelKeys.taskArn]: taskArn,
  [labelKeys.container]: 'web',
});
const body: ContainerBody = {
  Image: 'web',
  Labels: labels('task'),
  HostConfig: { NetworkMode: 'container:pause', LogConfig: { Type: 'none', Config: {} } },
};

function made({ NetworkMode = 'container:pause', taskArn = 'task', Status = 'created' }): Made {
  return {
    Id: 'earlier',
    Config: { Labels: labels(taskArn) },
    HostConfig: { NetworkMode },
    State: { Status },
  };
}

let names: Names;
let host: Parameters<typeof createOnce>[0];

beforeEach(async () => {
  names = new Names();
  names.taken = true;
  names.server.listen(0, '127.0.0.1');
  await once(names.server, 'listening');
  const { port } = names.server.address() as AddressInfo;
  const engine = new Engine(`tcp://127.0.0.1:${port}`);
  host = { engine, clock: systemClock, creates: new Gate(1), isAvailable: true };
});
afterEach(() => {
  names.server.close();
  names.server.closeAllConnections();
});

test('a container that was created for the same purpose before is it', async () => {
  names.container = made({});
  expect(await createOnce(host, 'web', body)).toBe('earlier');
});

test('one that a killed process is still having created is waited for', async () => {
  names.looked = () => (names.container = made({}));
  expect(await createOnce(host, 'web', body)).toBe('earlier');
});

test('one that is being removed is waited for, and created anew', async () => {
  names.container = made({ Status: 'removing' });
  names.looked = () => (names.taken = false);
  expect(await createOnce(host, 'web', body)).toBe('new');
});

test('one that joins a network namespace that its task no longer has is created anew', async () => {
  names.container = made({ NetworkMode: 'container:gone' });
  expect(await createOnce(host, 'web', body)).toBe('new');
});

test("a name that somebody else's container has is refused in the words of the Engine", async () => {
  names.container = made({ taskArn: 'another' });
  const refused = createOnce(host, 'web', body);
  await expect(refused).rejects.toThrow(EngineError);
  await expect(refused).rejects.toThrow(conflict);
});

test('nothing is waited for where the Engine has gone', async () => {
  await expect(createOnce({ ...host, isAvailable: false }, 'web', body)).rejects.toThrow(
    EngineUnreachable,
  );
});
