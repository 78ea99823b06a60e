import type { QueryService } from '../protocol/query-door.ts';
import type { Call } from '../protocol/service.ts';

/**
 * What of the Security Token Service every client of ECS needs: who it is. Terraform asks before all else, to know
 * the account of the ARNs that it imports.
 */
export const stsService: QueryService = {
  signingName: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: new Map([['GetCallerIdentity', getCallerIdentity]]),
};

function getCallerIdentity({ accountId, callerArn, accessKeyId }: Call) {
  const isRoot = callerArn.endsWith(':root');
  return { Arn: callerArn, UserId: isRoot ? accountId : accessKeyId, Account: accountId };
}
