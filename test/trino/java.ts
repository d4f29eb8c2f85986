import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The oldest Java that Trino 476 starts on. */
const OLDEST = 24;

/** Where installers put one folder for each Java. */
const folders = (): readonly string[] => [
  '/usr/lib/jvm',
  '/opt/java',
  '/Library/Java/JavaVirtualMachines',
  join(homedir(), '.sdkman/candidates/java'),
];

const installedIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder).flatMap((name) => [
        join(folder, name),
        join(folder, name, 'Contents/Home'),
      ])
    : [];

/** The homes of the `java` programs on the `PATH`, behind their symbolic links. */
const onPath = (path: string): readonly string[] =>
  path
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .filter((program) => existsSync(program))
    .map((program) => dirname(dirname(realpathSync(program))));

/** What the file `release` of every Java says; 0 where there is no Java. */
function versionOf(home: string): number {
  const release = join(home, 'release');
  if (!existsSync(join(home, 'bin/java')) || !existsSync(release)) return 0;
  return Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, 'utf8'))?.[1] ?? 0);
}

/**
 * The home of a Java that runs Trino: that of `JAVA_HOME` if it is new enough, or else any on this machine.
 *
 * @throws Error where there is none
 */
export function javaHome(environment: NodeJS.ProcessEnv): string {
  const { JAVA_HOME, PATH = '' } = environment;
  const homes = [
    ...(JAVA_HOME === undefined ? [] : [JAVA_HOME]),
    ...onPath(PATH),
    ...folders().flatMap(installedIn),
  ];
  const found = homes.find((home) => versionOf(home) >= OLDEST);
  if (found !== undefined) return found;
  throw new Error(
    `Trino needs Java ${OLDEST} or later, and this machine has none; install one, or set JAVA_HOME to its folder.`,
  );
}
