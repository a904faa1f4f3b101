import { parseArgs } from 'node:util';
import { peerNames, type PeerName } from './peers/index.ts';
import { scenarioNames, type ScenarioName } from './scenarios.ts';
import { sizes, type Size, type SizeName } from './sizes.ts';

export interface Arguments {
  size: Size;
  runs: number;
  /** With the number of runs of each; 0: not at this size unless it is asked for by name. */
  peers: { name: PeerName; runs: number }[];
  scenarios: ScenarioName[];
  concurrency: boolean;
  linked: boolean;
  items: boolean;
  write: boolean;
}

/** Something in the command that cannot be understood; the message says what, and what could be said instead. */
export class ArgumentError extends Error {
  override name = 'ArgumentError';
}

export const usage = `npm run bench -- [options]

  --size S|M|L         how much data: 20 thousand users and 200 thousand memberships, ten times that,
                       or a million and ten million (default S)
  --runs N             how often each thing is measured; peers keep to their own number where it is
                       smaller (default 3, at L 1)
  --peers a,b|none     which others: ${peerNames.join(', ')}, singer for the last two
  --scenarios a,b      which of ${scenarioNames.join(', ')} (default all)
  --dangling N         so many percent more memberships, of people that the directory does not have
                       (default 0; the results have a name of their own)
  --concurrency        also 1, 2, 4 and 8 connectors of an eighth of the size at once, with 1, 2 and 4 workers
  --linked             also a directory whose links lead to another connector that changes every hour
  --items              also single resources, one by one and many at once
  --no-write           leave bench/results as it is`;

export function readArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  const size = withDangling(
    sizes[oneOf('--size', values.size, Object.keys(sizes) as SizeName[], (name) => name !== 'XS')],
    values.dangling,
  );
  const runs = values.runs === undefined ? size.runs : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > 99)
    throw new ArgumentError(`--runs ${values.runs ?? ''}: it must be a whole number from 1 to 99.`);
  return {
    size,
    runs,
    peers: readPeers(values.peers, size, runs),
    scenarios:
      values.scenarios === undefined
        ? [...scenarioNames]
        : listOf(values.scenarios).map((name) => oneOf('--scenarios', name, scenarioNames)),
    concurrency: values.concurrency,
    linked: values.linked,
    items: values.items,
    write: !values['no-write'],
  };
}

function withDangling(size: Size, text: string): Size {
  const percent = Number(text);
  if (!Number.isInteger(percent) || percent < 0 || percent > 50)
    throw new ArgumentError(`--dangling ${text}: it must be a whole number from 0 to 50.`);
  if (percent === 0) return size;
  const memberships = size.users * size.membershipsPerUser;
  return { ...size, name: `${size.name}-dangling-${text}`, dangling: Math.round((memberships * percent) / 100) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        size: { type: 'string', default: 'S' },
        runs: { type: 'string' },
        peers: { type: 'string' },
        scenarios: { type: 'string' },
        dangling: { type: 'string', default: '0' },
        concurrency: { type: 'boolean', default: false },
        linked: { type: 'boolean', default: false },
        items: { type: 'boolean', default: false },
        'no-write': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readPeers(text: string | undefined, size: Size, runs: number): Arguments['peers'] {
  if (text === 'none') return [];
  const named = text === undefined ? undefined : listOf(text);
  const chosen = named?.flatMap((name) =>
    name === 'singer' ? (['meltanolabs', 'pipelinewise'] as const) : [oneOf('--peers', name, peerNames)],
  );
  return peerNames
    .filter((name) => chosen?.includes(name) ?? true)
    .map((name) => ({ name, runs: Math.min(runs, chosen ? Math.max(1, size.peerRuns[name]) : size.peerRuns[name]) }));
}

const listOf = (text: string) => text.split(',').map((part) => part.trim());

function oneOf<Name extends string>(
  option: string,
  value: string,
  names: readonly Name[],
  shown: (name: Name) => boolean = () => true,
): Name {
  const found = names.find((name) => name === value);
  if (found === undefined)
    throw new ArgumentError(`${option} ${value}: it must be one of ${names.filter(shown).join(', ')}.`);
  return found;
}
