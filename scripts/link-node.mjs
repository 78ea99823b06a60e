/** Runs after each `npm install` and `npm ci`. */
import { linkPinnedNode } from './pinned-node.mjs';

const problem = linkPinnedNode();
if (problem !== undefined) console.log(`The pinned Node is not linked: ${problem}`);
