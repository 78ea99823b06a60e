import { describe } from 'vitest';
import { AgentDouble } from './agent-double.ts';
import { agentSuite } from './agent-suite.ts';
import { startRealAgent } from './real-agent.ts';

agentSuite('the double of an ECS agent', (options) => AgentDouble.start(options));

/** The path of the official agent's program. It needs root, a Docker Engine, and the test image on it. */
const program = process.env['LONGSHORE_ECS_AGENT'];

describe.runIf(program !== undefined)('on this machine', () => {
  agentSuite('the official ECS agent', (options) => startRealAgent(program ?? '', options));
});
