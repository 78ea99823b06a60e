import type * as sdk from '@aws-sdk/client-ecs';
import type { Scope } from '../domain/arn.ts';
import type { Reach } from '../domain/service/reach.ts';
import type { AgentRelease } from '../domain/container-instance/agent-update.ts';
import type { Task } from '../domain/task/task.ts';
import type { Instant } from '../domain/instant.ts';
import type { Encodable } from '../protocol/fragment.ts';
import type { State } from '../state/state.ts';

type Sdk = typeof sdk;

/** Every operation that the SDK has a command for. */
export type OperationName = {
  [Export in keyof Sdk]: Export extends `${infer Name}Command` ? RealName<Name> : never;
}[keyof Sdk];

/** `$Command` is the SDK's base class, not an operation. */
type RealName<Name extends string> = Name extends '$' | '' ? never : Name;

type CommandOf<Name extends OperationName> = Sdk[`${Name}Command`];

export type InputOf<Name extends OperationName> =
  CommandOf<Name> extends new (input: infer Input) => unknown ? Input : never;

export type OutputOf<Name extends OperationName> =
  CommandOf<Name> extends new (...args: never) => {
    resolveMiddleware: (...args: never) => (...args: never) => Promise<{ output: infer Output }>;
  }
    ? Omit<Output, '$metadata'>
    : never;

/** What a handler may use besides its input. Time and new ids come from here and nowhere else. */
export interface RequestContext {
  readonly state: State;
  readonly scope: Scope;
  readonly callerArn: string;
  /** Scheme, host and port by which the caller reached us. */
  readonly origin: string;
  readonly now: Instant;
  /** 32 hexadecimal digits, ascending with time. */
  readonly newId: () => string;
  readonly newUuid: () => string;
  /** Which of AWS's own services can be called for deployments and sessions. */
  readonly reach: Reach;
  /** The container agent that there is to update to. */
  readonly agentRelease?: AgentRelease | undefined;
  /** What controls the proxies of Service Connect that agents run. */
  readonly serviceConnectEndpoint?: string | undefined;
  /** Sessions of commands in containers. */
  readonly exec?: ExecApi | undefined;
}

/** Where sessions of ExecuteCommand are begun. */
export interface ExecApi {
  /** Whether the host of the task can run commands in it. */
  reaches(task: Task): boolean;
  /** @throws EcsError ClientException */
  open(
    order: { readonly task: Task; readonly container: string; readonly command: string },
    terms: {
      readonly accountId: string;
      readonly callerArn: string;
      readonly kmsKeyId: string | undefined;
    },
  ): { readonly id: string; readonly token: string; readonly path: string };
}

/** Decided in memory, synchronously; the door answers once what it decided is durable. */
export type Operation<Input, Output> = (input: Input, ctx: RequestContext) => Output;

/** Total over the SDK: an operation that is new in it does not compile until someone decides. */
export type OperationTable = {
  readonly [Name in OperationName]: Operation<InputOf<Name>, Encodable<OutputOf<Name>>>;
};
