import { Load, type LoadOrder } from './load.ts';

// The load generator: a process of its own, so that it does not share a thread with what it measures. The
// first message is the order, for which all requests are made; the second one starts the clock.
let load: Load | undefined;

process.on('message', (message: { readonly order?: LoadOrder }) => {
  if (message.order) {
    load = new Load(message.order);
    process.send?.('prepared');
  } else {
    void load?.run().then((result) => process.send?.(result));
  }
});
process.once('disconnect', () => process.exit());
