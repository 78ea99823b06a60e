import { MalformedScript } from './script-settings.ts';

const repositoryPrefix = 'simulated/';

type Settings = Readonly<Record<string, string>>;

/** What the images of this repository do; `argument` is what follows the colon. */
const scripts: Readonly<Record<string, (argument: string | undefined) => Settings>> = {
  run: () => ({}),
  exit: (code = '0') => ({ 'exit-after': '0', 'exit-code': code }),
  crash: () => ({ 'exit-after': '0', 'exit-code': '1' }),
  sleep: (duration = '') => ({ 'exit-after': duration }),
  oom: () => ({ 'exit-after': '0', oom: 'true' }),
  stubborn: () => ({ 'ignore-sigterm': 'true' }),
  unhealthy: () => ({ health: 'UNHEALTHY' }),
  missing: () => ({ 'pull-error': 'the image is scripted to be missing' }),
  broken: () => ({ 'fail-start': 'the image is scripted not to start' }),
};

/** The script that an image's name stands for; none for images outside `simulated/`. */
export function scriptedImage(image: string): Settings {
  if (!image.startsWith(repositoryPrefix)) return {};
  const name = image.slice(repositoryPrefix.length);
  const [script = '', argument] = name.split(':', 2);
  const settings = scripts[script]?.(argument);
  if (settings) return settings;
  throw new MalformedScript(
    `image '${image}' is not one of simulated/[${Object.keys(scripts).join(',')}]`,
  );
}
