import { Load, type LoadOrder } from './load.ts';

// The load generator: a process of its own, so that it does not share a thread with what it measures.
process.on('message', (order: LoadOrder) => {
  void new Load(order).run().then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
