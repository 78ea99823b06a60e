import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock, Timer } from '../support/clock.ts';
import { payloadTypes, type AgentMessage } from './agent-message.ts';
import { parseObject } from './data-channel.ts';
import { SessionCipher } from './session-cipher.ts';

/** The key of KMS that a session is encrypted with. */
export interface SessionKey {
  readonly keyId: string;
  /** Has KMS decrypt the data key that the plugin had it make; rejects where KMS does not. */
  readonly decrypt: (cipherText: Buffer) => Promise<Buffer>;
}

export interface HandshakeSetting {
  readonly clock: Clock;
  readonly key: SessionKey | undefined;
  readonly send: (payloadType: number, content: object) => void;
  /** Called when both sides agree, with what encrypts the session where it has a key. */
  readonly onAgreed: (cipher: SessionCipher | undefined) => void;
  readonly onFailed: (words: string) => void;
}

/** Of each of its two steps. */
const stepMs = 15_000;
const challengeBytes = 64;

/** Agents of this generation know all that the handshake asks for. */
const agentVersion = '3.3.0.0';

const handshakeTimedOut =
  'Handshake timed out. Please ensure that you have the latest version of the session manager plugin.';
const challengeTimedOut = 'Timed out waiting for encryption challenge.';
const challengeFailed = 'Encryption challenge does not match!';
const encryptedMessage = 'This session is encrypted using AWS KMS.';

/** What precedes a session: what it is, and a proof that both sides have its data key where it is encrypted. */
export class Handshake {
  readonly #setting: HandshakeSetting;
  readonly #challenge = randomBytes(challengeBytes);
  readonly #begunAt: number;
  #cipher: SessionCipher | undefined;
  #deadline: Timer | undefined;
  #isAnswered = false;
  #isOver = false;

  constructor(setting: HandshakeSetting) {
    this.#setting = setting;
    this.#begunAt = setting.clock.now();
  }

  begin(): void {
    const { key, send } = this.#setting;
    this.#expectWithin(handshakeTimedOut);
    send(payloadTypes.handshakeRequest, {
      AgentVersion: agentVersion,
      RequestedClientActions: [
        ...(key === undefined ? [] : [action('KMSEncryption', { KMSKeyId: key.keyId })]),
        action('SessionType', { SessionType: 'InteractiveCommands', Properties: null }),
      ],
    });
  }

  /** Nothing else is heard before it is over. */
  admits(payloadType: number): boolean {
    return payloadType === payloadTypes.handshakeResponse || this.#isDue(payloadType);
  }

  take({ payloadType, payload }: AgentMessage): void {
    if (payloadType === payloadTypes.handshakeResponse) void this.#takeResponse(payload);
    if (this.#isDue(payloadType)) this.#takeChallenge(payload);
  }

  cancel(): void {
    this.#isOver = true;
    this.#deadline?.cancel();
  }

  #isDue(payloadType: number): boolean {
    return payloadType === payloadTypes.challengeResponse && this.#cipher !== undefined;
  }

  async #takeResponse(payload: Buffer): Promise<void> {
    if (this.#isAnswered || this.#isOver) return;
    this.#isAnswered = true;
    this.#deadline?.cancel();
    const response = parseObject(payload);
    const errors = response?.['Errors'];
    if (Array.isArray(errors) && errors.length > 0) {
      return this.#fail(errors.map(String).join('; '));
    }
    const { key } = this.#setting;
    if (!key) return this.#agree('');
    try {
      const cipher = new SessionCipher(await key.decrypt(cipherTextIn(response)));
      if (!this.#isOver) this.#challengeWith(cipher);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#fail(`Fetching data key failed: ${reason}`);
    }
  }

  #challengeWith(cipher: SessionCipher): void {
    this.#cipher = cipher;
    this.#expectWithin(challengeTimedOut);
    const content = { Challenge: cipher.seal(this.#challenge).toString('base64') };
    this.#setting.send(payloadTypes.challengeRequest, content);
  }

  #takeChallenge(payload: Buffer): void {
    const { Challenge: sealed } = parseObject(payload) ?? {};
    const given = this.#cipher?.open(Buffer.from(String(sealed), 'base64'));
    const isSame =
      given?.length === this.#challenge.length && timingSafeEqual(given, this.#challenge);
    if (isSame) this.#agree(encryptedMessage);
    else this.#fail(challengeFailed);
  }

  #agree(words: string): void {
    if (this.#isOver) return;
    this.cancel();
    const { clock, send, onAgreed } = this.#setting;
    const tookMs = clock.now() - this.#begunAt;
    const content = { HandshakeTimeToComplete: tookMs * 1e6, CustomerMessage: words };
    // Whoever is told may hear the answer to it at once.
    onAgreed(this.#cipher);
    send(payloadTypes.handshakeComplete, content);
  }

  #fail(words: string): void {
    if (this.#isOver) return;
    this.cancel();
    this.#setting.onFailed(words);
  }

  #expectWithin(words: string): void {
    const { clock } = this.#setting;
    this.#deadline = clock.at(clock.now() + stepMs, () => this.#fail(words));
  }
}

function action(type: string, parameters: object) {
  return { ActionType: type, ActionParameters: parameters };
}

/** The data key as KMS has encrypted it, in what the plugin says of its actions. */
function cipherTextIn(response: ReturnType<typeof parseObject>): Buffer {
  const actions = response?.['ProcessedClientActions'];
  const done = Array.isArray(actions)
    ? actions.find((one) => one?.ActionType === 'KMSEncryption')
    : undefined;
  const cipherText = done?.ActionResult?.KMSCipherTextKey;
  if (typeof cipherText === 'string') return Buffer.from(cipherText, 'base64');
  throw new Error('The session manager plugin gave no data key.');
}
