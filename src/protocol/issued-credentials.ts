import { randomBytes } from 'node:crypto';
import type { Credential, Credentials } from './credentials.ts';

const lifetimeMs = 6 * 60 * 60 * 1000;
/** Far more than the tasks of one server can hold at a time; the oldest give way. */
const mostIssued = 200_000;

export interface RoleSession {
  readonly accountId: string;
  /** `arn:aws:iam::ACCOUNT:role/NAME`, with a path or without. */
  readonly roleArn: string;
  readonly sessionName: string;
}

export interface IssuedCredential extends Credential {
  readonly sessionToken: string;
  readonly expiresAt: number;
}

/**
 * Issues temporary credentials of roles, as STS would, and knows them again beside those of a file. They live in memory:
 * whoever has some gets new ones after a restart.
 */
export class IssuedCredentials implements Credentials {
  readonly #base: Credentials | undefined;
  readonly #now: () => number;
  readonly #issued = new Map<string, IssuedCredential>();

  /** @param base what else is known; where there is none, everyone is let in and a key names its account */
  constructor(base: Credentials | undefined, now: () => number) {
    this.#base = base;
    this.#now = now;
  }

  find(accessKeyId: string): Credential | undefined {
    return this.#issued.get(accessKeyId) ?? this.#base?.find(accessKeyId);
  }

  issue({ accountId, roleArn, sessionName }: RoleSession): IssuedCredential {
    const issued = {
      accessKeyId: this.#base ? newAccessKeyId() : accountId,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
      accountId,
      callerArn: assumedRoleArn(accountId, roleArn, sessionName),
      expiresAt: this.#now() + lifetimeMs,
    };
    if (this.#base) this.#keep(issued);
    return issued;
  }

  #keep(issued: IssuedCredential): void {
    this.#issued.set(issued.accessKeyId, issued);
    for (const [accessKeyId, { expiresAt }] of this.#issued) {
      if (expiresAt > this.#now() && this.#issued.size <= mostIssued) break;
      this.#issued.delete(accessKeyId);
    }
  }
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Temporary keys begin with ASIA (IAM User Guide, "IAM identifiers"). */
function newAccessKeyId(): string {
  return `ASIA${[...randomBytes(16)].map((byte) => base32.charAt(byte % 32)).join('')}`;
}

function assumedRoleArn(accountId: string, roleArn: string, sessionName: string): string {
  const [, partition = 'aws'] = roleArn.split(':');
  const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return `arn:${partition}:sts::${accountId}:assumed-role/${role}/${sessionName}`;
}
