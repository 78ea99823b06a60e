import type { TaskArn } from '../domain/arn.ts';

/** Temporary credentials of a role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When they end, in milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Where credentials of roles come from. */
export type RoleSource = (role: {
  readonly roleArn: string;
  readonly taskArn: TaskArn;
}) => RoleCredentials | Promise<RoleCredentials>;

export interface TaskRole {
  /** The id that the task finds them by, for its whole life. */
  readonly credentialsId: string;
  readonly roleArn: string;
  readonly taskArn: TaskArn;
}

/** Credentials are replaced when a quarter of their time is left, at most this long before they end. */
const refreshBeforeMs = 60 * 60 * 1000;
const mostHeld = 100_000;

interface Held {
  readonly credentials: RoleCredentials;
  readonly refreshAt: number;
}

/** Holds the credentials of tasks' roles, in memory alone, and replaces them well before they end. */
export class TaskCredentials {
  readonly #source: RoleSource;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();
  readonly #coming = new Map<string, Promise<RoleCredentials>>();

  constructor(source: RoleSource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** Those that are to be replaced but cannot be are given for as long as they are good. */
  async of(role: TaskRole): Promise<RoleCredentials> {
    const held = this.#held.get(role.credentialsId);
    if (held && held.refreshAt > this.#now()) return held.credentials;
    try {
      return await this.#fetch(role);
    } catch (error) {
      if (held && held.credentials.expiresAt > this.#now()) return held.credentials;
      throw error;
    }
  }

  #fetch(role: TaskRole): Promise<RoleCredentials> {
    const { credentialsId } = role;
    const coming = this.#coming.get(credentialsId);
    if (coming) return coming;
    const fetched = this.#ask(role).finally(() => this.#coming.delete(credentialsId));
    this.#coming.set(credentialsId, fetched);
    return fetched;
  }

  async #ask({ credentialsId, roleArn, taskArn }: TaskRole): Promise<RoleCredentials> {
    const credentials = await this.#source({ roleArn, taskArn });
    const now = this.#now();
    const left = credentials.expiresAt - now;
    const refreshAt = credentials.expiresAt - Math.min(left / 4, refreshBeforeMs);
    this.#held.delete(credentialsId);
    this.#held.set(credentialsId, { credentials, refreshAt });
    for (const [id, { credentials: old }] of this.#held) {
      if (old.expiresAt > now && this.#held.size <= mostHeld) break;
      this.#held.delete(id);
    }
    return credentials;
  }
}
