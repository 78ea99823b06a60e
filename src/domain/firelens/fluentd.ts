import type { RouterSyntax } from './router-syntax.ts';
import { forwardPort, routerSocket, type Field, type Route, type Routing } from './routing.ts';

/** Fluentd's format: nested elements. */
export const fluentd: RouterSyntax = {
  type: 'fluentd',
  outputKey: '@type',
  configurationPath: '/fluentd/etc/fluent.conf',
  externalPath: '/fluentd/etc/external.conf',
  // Its image would give up root, to whom alone the socket belongs.
  environment: [['FLUENT_UID', '0']],
  reference: (variable) => `"#{ENV['${variable}']}"`,
  text: (routing) => `${elements(routing).map(written).join('\n\n')}\n`,
};

interface Element {
  readonly name: string;
  readonly argument?: string;
  readonly fields: readonly Field[];
  readonly inner?: Element;
}

function elements(routing: Routing): readonly (Element | string)[] {
  const { listenAddress, metadata, externalFile, routes } = routing;
  return [
    element('source', 'unix', [['path', routerSocket]]),
    ...(listenAddress === undefined ? [] : [forwardSource(listenAddress)]),
    ...routes.flatMap((route) => grep(route, 'regexp', route.includePattern)),
    ...routes.flatMap((route) => grep(route, 'exclude', route.excludePattern)),
    ...(metadata.length > 0 ? [transformer(metadata)] : []),
    ...(externalFile === undefined ? [] : [`@include ${externalFile}`]),
    ...routes.flatMap(outputs),
  ];
}

function forwardSource(listenAddress: string): Element {
  return element('source', 'forward', [
    ['bind', listenAddress],
    ['port', forwardPort],
  ]);
}

function grep(route: Route, rule: string, pattern: string | undefined): readonly Element[] {
  if (pattern === undefined) return [];
  const fields: readonly Field[] = [
    ['key', 'log'],
    ['pattern', pattern],
  ];
  const inner = { name: rule, fields };
  return [{ ...element('filter', 'grep', []), argument: tagOf(route), inner }];
}

function transformer(metadata: readonly Field[]): Element {
  const inner = { name: 'record', fields: metadata };
  return { ...element('filter', 'record_transformer', []), argument: '**', inner };
}

function outputs(route: Route): readonly Element[] {
  const { output } = route;
  if (!output) return [];
  return [{ ...element('match', output.plugin, output.options), argument: tagOf(route) }];
}

function tagOf({ container }: Route): string {
  return `${container}-firelens**`;
}

function element(name: string, plugin: string, fields: readonly Field[]): Element {
  return { name, fields: [['@type', plugin], ...fields] };
}

function written(item: Element | string): string {
  return typeof item === 'string' ? item : lines(item).join('\n');
}

function lines({ name, argument, fields, inner }: Element): readonly string[] {
  return [
    argument === undefined ? `<${name}>` : `<${name} ${argument}>`,
    ...[...fields.map((field) => field.join(' ')), ...(inner ? lines(inner) : [])].map(
      (line) => `    ${line}`,
    ),
    `</${name}>`,
  ];
}
