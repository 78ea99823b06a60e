/** `npm run build`: compiles the server into `dist/release`. */
import { buildRelease } from './release-bundle.ts';
import { runProgram, step } from './steps.ts';

await runProgram(() =>
  step('Release', async () => ({ note: await buildRelease(), value: undefined })),
);
