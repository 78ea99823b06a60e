/**
 * What of Systems Manager those who use ECS need: Parameter Store, and what session-manager-plugin calls when its
 * connection breaks.
 */
import { partitionOf } from '../../domain/arn.ts';
import { SsmError } from '../../domain/parameter/ssm-error.ts';
import type { Call, Fault, JsonOperation, JsonService } from '../../protocol/service.ts';
import type { State } from '../../state/state.ts';
import type { Vault } from '../../support/vault.ts';
import { sdkOperation } from '../sdk-operation.ts';
import { deleteParameter, deleteParameters } from './delete-parameters.ts';
import { describeParameters } from './describe-parameters.ts';
import { getParameter } from './get-parameter.ts';
import { getParameters } from './get-parameters.ts';
import { getParametersByPath } from './get-parameters-by-path.ts';
import { putParameter } from './put-parameter.ts';
import type { SsmContext } from './ssm-context.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tag-parameter.ts';

const sdkPackage = '@aws-sdk/client-ssm';

/** The sessions of ExecuteCommand, as far as Systems Manager's operations reach them. */
export interface Sessions {
  /** A new token; undefined where the account has no such session. */
  resume(id: string, accountId: string): string | undefined;
  /** Tells whether the account had such a session. */
  terminate(id: string, accountId: string): boolean;
}

export interface SsmParts {
  readonly state: State;
  readonly vault: Vault;
  /** Absent where compute can run no commands. */
  readonly sessions: Sessions | undefined;
}

const parameterOperations = {
  AddTagsToResource: addTagsToResource,
  DeleteParameter: deleteParameter,
  DeleteParameters: deleteParameters,
  DescribeParameters: describeParameters,
  GetParameter: getParameter,
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  ListTagsForResource: listTagsForResource,
  PutParameter: putParameter,
  RemoveTagsFromResource: removeTagsFromResource,
} as const;

export function ssmService({ state, vault, sessions }: SsmParts): JsonService {
  const operations = [
    ...Object.entries(parameterOperations).map(([name, handler]) =>
      parameterOperation(name, handler, { state, vault }),
    ),
    ...(sessions ? sessionOperations(sessions) : []),
  ];
  return {
    targetPrefix: 'AmazonSSM',
    signingName: 'ssm',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    unserved: (operation) =>
      `${operation} is not implemented in this release of Longshore. docs/secrets.md lists what is.`,
  };
}

/** Which errors a caller is told about. */
export function ssmFaultOf(error: unknown): Fault | undefined {
  if (!(error instanceof SsmError)) return undefined;
  return { code: error.code, message: error.message, members: {} };
}

// The table ties each handler to its types; here, where all are alike, only the schema knows them.
type AnyHandler = (input: never, ctx: SsmContext) => object;

function parameterOperation(
  name: string,
  handler: AnyHandler,
  parts: Pick<SsmParts, 'state' | 'vault'>,
): JsonOperation {
  return sdkOperation(sdkPackage, name, (input, { region, accountId, callerArn, now }) => {
    const scope = { partition: partitionOf(region), region, accountId };
    return handler(input as never, { ...parts, scope, callerArn, now });
  });
}

function sessionOperations(sessions: Sessions): readonly JsonOperation[] {
  return [
    sessionOperation('ResumeSession', (id, { accountId }) => {
      const token = sessions.resume(id, accountId);
      if (token === undefined) throw unknownSession(id);
      // The plugin goes on at the address that it knows.
      return { SessionId: id, TokenValue: token };
    }),
    sessionOperation('TerminateSession', (id, { accountId }) => {
      if (!sessions.terminate(id, accountId)) throw unknownSession(id);
      return { SessionId: id };
    }),
  ];
}

function sessionOperation(name: string, handle: (id: string, call: Call) => object): JsonOperation {
  return sdkOperation(sdkPackage, name, (input, call) =>
    handle((input as { SessionId: string }).SessionId, call),
  );
}

function unknownSession(id: string): SsmError {
  return new SsmError('DoesNotExistException', `Session ${id} does not exist.`);
}
