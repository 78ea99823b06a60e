/** An ECS agent that a test runs: the double, or the official one. */
export interface TestAgent {
  /** Ends it at once, as a machine would that loses power; its containers go on running. */
  kill(): Promise<void>;
  /** Starts it again with what it has on its disk. */
  restart(): Promise<void>;
  /** Whether anything of a task runs. */
  runs(taskArn: string): Promise<boolean>;
  /** Ends it, and removes what it has left. */
  close(): Promise<void>;
}

export interface AgentOptions {
  /** Where the server listens. */
  readonly url: string;
  readonly accountId: string;
  readonly cluster: string;
}

export type StartAgent = (options: AgentOptions) => Promise<TestAgent>;
