import type { RouterSyntax } from './router-syntax.ts';
import { forwardPort, routerSocket, type Field, type Route, type Routing } from './routing.ts';

/** Fluent Bit's classic format: sections of indented keys and values. */
export const fluentBit: RouterSyntax = {
  type: 'fluentbit',
  outputKey: 'Name',
  configurationPath: '/fluent-bit/etc/fluent-bit.conf',
  externalPath: '/fluent-bit/etc/external.conf',
  environment: [],
  reference: (variable) => `\${${variable}}`,
  text: (routing) => `${sections(routing).join('\n\n')}\n`,
};

const healthCheckTag = 'firelens-healthcheck';

/** What listens besides the socket has a check of its health beside it, whose lines go nowhere. */
function sections(routing: Routing): readonly string[] {
  const { listenAddress, memoryBufferMB, metadata, externalFile, routes } = routing;
  const listens = listenAddress !== undefined;
  return [
    section('INPUT', 'forward', [
      ['Mem_Buf_Limit', `${memoryBufferMB}MB`],
      ['unix_path', routerSocket],
    ]),
    ...(listens ? inputs(listenAddress) : []),
    ...routes.flatMap((route) => grep(route, 'Regex', route.includePattern)),
    ...routes.flatMap((route) => grep(route, 'Exclude', route.excludePattern)),
    ...(metadata.length > 0 ? [modifier(metadata)] : []),
    ...(externalFile === undefined ? [] : [`@INCLUDE ${externalFile}`]),
    ...(listens ? [section('OUTPUT', 'null', [['Match', healthCheckTag]])] : []),
    ...routes.flatMap(outputs),
  ];
}

function inputs(listenAddress: string): readonly string[] {
  return [
    section('INPUT', 'forward', [
      ['Listen', listenAddress],
      ['Port', forwardPort],
    ]),
    section('INPUT', 'tcp', [
      ['Tag', healthCheckTag],
      ['Listen', '127.0.0.1'],
      ['Port', '8877'],
    ]),
  ];
}

function grep(route: Route, rule: string, pattern: string | undefined): readonly string[] {
  if (pattern === undefined) return [];
  return [section('FILTER', 'grep', [match(route), [rule, `log ${pattern}`]])];
}

function modifier(metadata: readonly Field[]): string {
  const records = metadata.map(([key, value]): Field => ['Record', `${key} ${value}`]);
  return section('FILTER', 'record_modifier', [['Match', '*'], ...records]);
}

function outputs(route: Route): readonly string[] {
  const { output } = route;
  return output ? [section('OUTPUT', output.plugin, [match(route), ...output.options])] : [];
}

function match({ container }: Route): Field {
  return ['Match', `${container}-firelens*`];
}

function section(kind: string, plugin: string, fields: readonly Field[]): string {
  const lines = [['Name', plugin] as const, ...fields].map(([key, value]) => `    ${key} ${value}`);
  return [`[${kind}]`, ...lines].join('\n');
}
