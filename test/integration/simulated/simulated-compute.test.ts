import { afterAll } from 'vitest';
import { computeSuite } from '../compute-suite.ts';
import { SimulatedWorld } from './simulated-world.ts';

const world = new SimulatedWorld();
computeSuite(world);
afterAll(() => world.close());
