import { scopeOfArn, type ServiceDeploymentArn } from '../domain/arn.ts';
import { isFinished } from '../domain/service/service-deployment.ts';
import {
  dueHooks,
  hookPayload,
  nextHookCall,
  withHookAnswer,
  type HookAnswer,
} from '../domain/service/strategies/hook-runs.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

export interface HookCall {
  readonly region: string;
  readonly functionArn: string;
  readonly payload: object;
}

/** Calls a function of Lambda and waits for its answer. That it cannot be called is an answer, too. */
export type InvokeHook = (call: HookCall) => Promise<HookAnswer>;

export interface LifecycleHookControllerParts {
  readonly state: State;
  readonly clock: Clock;
  /** Absent where this server was not told where Lambda is. */
  readonly invokeHook: InvokeHook | undefined;
}

/**
 * Calls the Lambda hooks of deployments, and notes with the service deployment what they answer. A call that a
 * crash has cut off is made again, under the same execution id.
 */
export class LifecycleHookController implements Controller {
  readonly name = 'lifecycle-hook';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #invokeHook: InvokeHook | undefined;

  constructor({ state, clock, invokeHook }: LifecycleHookControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#invokeHook = invokeHook;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'service-deployment' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const { arn } of this.#state.read.serviceDeployments.values()) yield arn;
  }

  reconcile(key: string): Next | Promise<Next> {
    const rollout = this.#state.read.serviceDeployments.find(key);
    const invokeHook = this.#invokeHook;
    if (!rollout || !invokeHook || isFinished(rollout)) return settled;
    const due = dueHooks(rollout, this.#clock.now());
    if (due.length === 0) return this.#nextLook(rollout.arn);
    const { region } = scopeOfArn(rollout.arn);
    const calls = due.map(async (run) => {
      const payload = hookPayload(rollout, run);
      const answer = await invokeHook({ region, functionArn: run.targetArn, payload });
      this.#note(rollout.arn, run.id, answer);
    });
    return Promise.all(calls).then(() => this.#nextLook(rollout.arn));
  }

  #note(arn: ServiceDeploymentArn, id: string, answer: HookAnswer): void {
    const now = this.#clock.now();
    this.#state.transact((tx) => {
      const rollout = tx.serviceDeployments.findByArn(arn);
      if (!rollout || isFinished(rollout)) return;
      tx.serviceDeployments.put(withHookAnswer(rollout, id, answer, now));
    });
  }

  #nextLook(arn: ServiceDeploymentArn): Next {
    const rollout = this.#state.read.serviceDeployments.findByArn(arn);
    const at = rollout && !isFinished(rollout) ? nextHookCall(rollout) : undefined;
    return at === undefined ? settled : lookAgain(at);
  }
}
