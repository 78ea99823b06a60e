import { definitionOfTask } from './state/definition-of-task.ts';
import type { ExecuteCommandConfiguration } from '@aws-sdk/client-ecs';
import type { AwsClientSettings } from './aws/aws-endpoints.ts';
import type { ExecOrder } from './compute/exec-process.ts';
import { scopeOfArn } from './domain/arn.ts';
import {
  bucketIsNotEncrypted,
  encryptionIsUnknown,
  execLog,
  logGroupIsNotEncrypted,
} from './domain/task/execute-command.ts';
import { effectiveContainers } from './domain/task/effective-containers.ts';
import type { EndedSession } from './exec/exec-sessions.ts';
import type { Logs } from './logs/logs.ts';
import type { State } from './state/state.ts';
import type { TaskCalls } from './task-calls.ts';
import type { Logger } from './support/logger.ts';

export interface SessionLogParts {
  readonly state: State;
  readonly logs: Logs;
  readonly calls: TaskCalls;
  readonly log: Logger;
}

/** CloudWatch Logs takes no larger event. */
const mostEventBytes = 256 * 1024;

/**
 * Keeps what a session of ExecuteCommand has shown where its cluster's executeCommandConfiguration says, and tells in the server's log
 * that the session was (Developer Guide, "Logging and auditing using ECS Exec").
 */
export class SessionLog {
  readonly #parts: SessionLogParts;

  constructor(parts: SessionLogParts) {
    this.#parts = parts;
  }

  readonly record = (session: EndedSession): void => {
    const { id, order, callerArn, startedAt, endedAt } = session;
    const { state, log } = this.#parts;
    const about = { sessionId: id, taskArn: order.task.arn, container: order.container, callerArn };
    const seconds = (endedAt - startedAt) / 1000;
    log.info({ ...about, seconds }, 'A session has ended.');
    const { taskArn, ...ended } = { ...about, seconds };
    state.transact((tx) => {
      const body = JSON.stringify({ kind: 'ended', ...ended });
      tx.append({ log: execLog, subject: taskArn, at: endedAt, body });
    });
    this.#keep(session).catch((error: unknown) =>
      log.warn({ ...about, error }, 'The output of a session could not be kept.'),
    );
  };

  /**
   * Checks that what a session shows is kept encrypted where its cluster wants that. Log groups here have no keys of KMS.
   * @throws Error in the words of ECS's agent
   */
  readonly checkEncryption = async (order: ExecOrder): Promise<void> => {
    const { logging, logConfiguration = {} } = this.#configurationOf(order) ?? {};
    if (logging !== 'OVERRIDE') return;
    if (logConfiguration.cloudWatchEncryptionEnabled) throw logGroupIsNotEncrypted();
    const { s3BucketName: bucket, s3EncryptionEnabled } = logConfiguration;
    if (bucket === undefined || !s3EncryptionEnabled) return;
    if (!(await this.#isEncrypted(bucket, order))) throw bucketIsNotEncrypted();
  };

  async #isEncrypted(bucket: string, order: ExecOrder): Promise<boolean> {
    const settings = await this.#storage(order);
    const { isBucketEncrypted } = await import('./aws/bucket-encryption.ts');
    try {
      return await isBucketEncrypted(settings, bucket);
    } catch (cause) {
      throw encryptionIsUnknown(cause);
    }
  }

  async #keep(session: EndedSession): Promise<void> {
    const { logging = 'DEFAULT', logConfiguration } = this.#configurationOf(session.order) ?? {};
    if (logging === 'NONE' || session.output.length === 0) return;
    if (logging === 'DEFAULT') return this.#keepInGroup(session, this.#ownGroup(session));
    const { cloudWatchLogGroupName, s3BucketName: bucket, s3KeyPrefix } = logConfiguration ?? {};
    await this.#keepInGroup(session, cloudWatchLogGroupName);
    if (bucket === undefined) return;
    const key = [s3KeyPrefix, `${session.id}.log`].filter(Boolean).join('/');
    await this.#keepInBucket(session, { bucket, key });
  }

  #configurationOf({ task }: ExecOrder): ExecuteCommandConfiguration | undefined {
    const cluster = this.#parts.state.read.clusters.findByArn(task.clusterArn);
    return cluster?.configuration?.executeCommandConfiguration;
  }

  /** The log group of a container that has one. */
  #ownGroup({ order: { task, container } }: EndedSession): string | undefined {
    const definition = definitionOfTask(this.#parts.state.read, task);
    if (!definition) return undefined;
    const { logConfiguration } =
      effectiveContainers(definition.content, task.overrides).find(
        ({ name }) => name === container,
      ) ?? {};
    if (logConfiguration?.logDriver !== 'awslogs') return undefined;
    return logConfiguration.options?.['awslogs-group'];
  }

  async #keepInGroup(session: EndedSession, group: string | undefined): Promise<void> {
    if (group === undefined) return;
    const { id: stream, order, startedAt, endedAt, output } = session;
    const { region, accountId } = scopeOfArn(order.task.arn);
    const key = { scope: { region, accountId }, group, stream };
    const { logs } = this.#parts;
    await logs.store.createStream(key, startedAt);
    const messages = [];
    for (let start = 0; start < output.length; start += mostEventBytes) {
      messages.push(output.toString('utf8', start, start + mostEventBytes));
    }
    const events = { times: messages.map(() => endedAt), messages };
    const outcome = await logs.append({ ...key, events, ingestedAt: endedAt });
    if (outcome !== 'appended') throw new Error(`There is no log group ${group}.`);
  }

  async #keepInBucket(
    { order, output: body }: EndedSession,
    place: { readonly bucket: string; readonly key: string },
  ): Promise<void> {
    const settings = await this.#storage(order);
    const { putObject } = await import('./aws/put-object.ts');
    await putObject(settings, { ...place, body });
  }

  async #storage({ task }: ExecOrder): Promise<AwsClientSettings> {
    const settings = await this.#parts.calls.settingsOf('s3', task);
    if (settings) return settings;
    throw new Error('No endpoint of S3 is named: give --aws-endpoint s3=URL.');
  }
}
