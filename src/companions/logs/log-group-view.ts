import type { LogGroup as WireLogGroup, LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';
import type { Scope } from '../../domain/arn.ts';
import { logGroupArn } from '../../domain/log/log-names.ts';
import type { LogGroup } from '../../logs/log-store.ts';

export function logGroupView(scope: Scope, group: LogGroup): WireLogGroup {
  const { name, createdAt, retentionDays, logGroupClass, storedBytes } = group;
  const arn = logGroupArn(scope, name);
  return {
    logGroupName: name,
    creationTime: createdAt,
    ...(retentionDays !== undefined && { retentionInDays: retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes,
    logGroupClass: logGroupClass as LogGroupClass, // CreateLogGroup has checked it.
    logGroupArn: arn,
  };
}
