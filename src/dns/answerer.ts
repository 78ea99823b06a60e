import { answerQuestion, type Question, type ZoneAnswer } from '../domain/dns/answer-question.ts';
import type { Random } from '../domain/dns/record-set.ts';
import type { ResourceRecord } from '../domain/dns/resource-record.ts';
import { startOfAuthority, type Zone } from '../domain/dns/zone.ts';
import type { State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { RateLimit } from '../support/rate-limit.ts';
import type { Transport } from './ask-upstream.ts';
import type { Client, Clients, Sight } from './clients.ts';
import type { Forwarder } from './forwarder.ts';
import {
  encodeQuery,
  encodeReply,
  failure,
  mostMessageBytes,
  readAddresses,
  readQuery,
  responseCodes,
  type Query,
  type Reply,
} from './message.ts';
import { Waiting } from './waiting.ts';
import { zonesOf } from './zones.ts';

/** Of a network interface in a VPC ("DNS quotas"). */
const clientRate = { perSecond: 1_024, burst: 1_024 };
/** A name leads to another, and that to a third; who goes on is sent in a circle. */
const mostNames = 8;

export interface AnswererParts {
  readonly state: State;
  readonly clients: Clients;
  readonly forwarder: Forwarder;
  readonly random: Random;
  readonly clock: Clock;
}

interface Asker {
  readonly address: string;
  readonly sight: Sight;
}

/** What a zone says of a question. */
interface Decided {
  readonly zone: Zone;
  readonly answer: ZoneAnswer;
}

type Records = readonly ResourceRecord[];

/** Answers questions about private namespaces, and has all others answered by the machine's resolvers. */
export class Answerer {
  readonly #parts: AnswererParts;
  readonly #limit = new RateLimit(clientRate);
  readonly #waiting = new Waiting();

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  /** Undefined where nothing is to be said. */
  async answer(bytes: Buffer, address: string, transport: Transport): Promise<Buffer | undefined> {
    const received = readQuery(bytes);
    if (received.kind === 'Ignored') return undefined;
    if (received.kind === 'Refused') return received.reply;
    const { query } = received;
    const client = this.#admitted(address);
    if (!client) return failure(query, responseCodes.refused);
    const asker = { address, sight: client.sight };
    const decided = this.#decide(query.question, asker);
    if (!decided) return this.#forward(query, asker, transport);
    const reply = await this.#replyOf(decided, query.question, asker);
    // Nothing is told before it is durable, to containers as to anyone.
    await this.#parts.state.settled();
    return encodeReply(query, reply, transport === 'udp' ? query.payload : mostMessageBytes);
  }

  #admitted(address: string): Client | undefined {
    const { clients, clock } = this.#parts;
    const client = clients.find(address);
    if (!client || client.isMachine) return client;
    return this.#limit.admits(address, clock.now()) ? client : undefined;
  }

  /** Of networks with namespaces of one name the oldest that has the one that is asked for. */
  #decide(question: Question, { sight }: Asker): Decided | undefined {
    const { state, random } = this.#parts;
    const decided = zonesOf(question.name, sight, state.read).map((zone) => ({
      zone,
      answer: answerQuestion(question, zone, random),
    }));
    return decided.find(({ answer }) => answer.kind !== 'NoName') ?? decided[0];
  }

  async #forward(query: Query, asker: Asker, transport: Transport): Promise<Buffer> {
    const reply = await this.#ask(query.bytes, asker, transport);
    return reply ?? failure(query, responseCodes.serverFailure);
  }

  async #ask(query: Buffer, { address }: Asker, transport: Transport): Promise<Buffer | undefined> {
    return this.#waiting.within(address, () => this.#parts.forwarder.ask(query, transport));
  }

  async #replyOf({ zone, answer }: Decided, question: Question, asker: Asker): Promise<Reply> {
    const isAuthoritative = true;
    const empty = { isAuthoritative, answers: [], authorities: [startOfAuthority(zone)] };
    if (answer.kind === 'NoName') return { code: responseCodes.noName, ...empty };
    const answers = await this.#recordsOf(answer, question, asker, 1);
    if (!answers) {
      return {
        code: responseCodes.serverFailure,
        isAuthoritative: false,
        answers: [],
        authorities: [],
      };
    }
    if (answers.length === 0) return { code: responseCodes.noError, ...empty };
    return { code: responseCodes.noError, isAuthoritative, answers, authorities: [] };
  }

  /** The records of a name, and those to which it leads; undefined where these cannot be found out. */
  async #recordsOf(
    answer: ZoneAnswer,
    { name, type }: Question,
    asker: Asker,
    names: number,
  ): Promise<Records | undefined> {
    const own = answer.kind === 'Records' ? answer.records : [];
    const target = targetOf(answer);
    if (target === undefined || (type !== 'A' && type !== 'AAAA')) return own;
    if (names === mostNames) return undefined;
    const found = await this.#addressesOf({ name: target, type }, asker, names + 1);
    if (answer.kind !== 'Alias') return found && [...own, ...found];
    return found?.filter((record) => record.type === type).map((record) => ({ ...record, name }));
  }

  /** The addresses of a name that another leads to, wherever it is. */
  async #addressesOf(
    question: Question & { readonly type: 'A' | 'AAAA' },
    asker: Asker,
    names: number,
  ): Promise<Records | undefined> {
    const decided = this.#decide(question, asker);
    if (decided) return this.#recordsOf(decided.answer, question, asker, names);
    // By TCP, where it does not fit into a datagram.
    const reply = await this.#ask(encodeQuery(0, question.name, question.type), asker, 'tcp');
    const found = reply && readAddresses(reply);
    const isKnown = found?.code === responseCodes.noError || found?.code === responseCodes.noName;
    return isKnown ? found.records : undefined;
  }
}

function targetOf(answer: ZoneAnswer): string | undefined {
  if (answer.kind === 'Alias') return answer.target;
  const [first] = answer.kind === 'Records' ? answer.records : [];
  return first?.type === 'CNAME' ? first.data : undefined;
}
