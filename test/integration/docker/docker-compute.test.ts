import { afterAll } from 'vitest';
import { computeSuite } from '../compute-suite.ts';
import { DockerWorld } from './docker-world.ts';

const world = new DockerWorld();
computeSuite(world);
afterAll(() => world.close());
