import type { FirelensConfigurationType } from '@aws-sdk/client-ecs';
import type { Routing } from './routing.ts';

/** How a program that routes logs is configured. */
export interface RouterSyntax {
  readonly type: FirelensConfigurationType;
  /** The log option that names the output's plugin. */
  readonly outputKey: string;
  /** Where the program reads its configuration. */
  readonly configurationPath: string;
  /** Where a file from S3 is laid. */
  readonly externalPath: string;
  /** What the program needs in its environment. */
  readonly environment: readonly (readonly [name: string, value: string])[];

  /** What stands for the value of an environment variable. */
  reference(variable: string): string;

  /** The whole configuration. */
  text(routing: Routing): string;
}
