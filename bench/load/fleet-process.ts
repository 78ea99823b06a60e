import { AgentFleet, type FleetOrder } from './agent-fleet.ts';

/** What a fleet is asked: to join, or to wait until so many tasks run. */
export type FleetMessage = { readonly order: FleetOrder } | { readonly runningTasks: number };

// Agents in a process of their own. Each message is answered once what it asks for is so, with how many calls went wrong.
let fleet: AgentFleet | undefined;

process.on('message', (message: FleetMessage) => void take(message));
process.once('disconnect', () => process.exit());

async function take(message: FleetMessage): Promise<void> {
  if ('order' in message) {
    fleet = new AgentFleet(message.order);
    await fleet.connect();
  } else {
    await fleet?.untilRunning(message.runningTasks);
  }
  process.send?.({ wrong: fleet?.wrong ?? 0 });
}
