import { readFileSync } from 'node:fs';
import * as z from 'zod';

const packageSchema = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  inBundle: z.boolean().optional(),
  link: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

const { packages } = z
  .object({ packages: z.record(z.string(), packageSchema) })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));

/** Packages for one platform are pinned by their parent to one version. */
const forOnePlatform = Object.values(packages)
  .flatMap(({ optionalDependencies = {} }) => Object.entries(optionalDependencies))
  .filter(([, version]) => /^\d/.test(version));

it('has the packages of every platform: npm ci refuses a lockfile that lacks some', () => {
  expect(forOnePlatform.length).toBeGreaterThan(50);
  const missing = forOnePlatform.filter(
    ([name, version]) => packages[`node_modules/${name}`]?.version !== version,
  );
  expect(missing).toEqual([]);
});

it('says of every package what it must hash to: npm ci then refuses a tampered one on every platform', () => {
  // Of this repository are the root and `bin`; what is bundled comes inside a package that has its own hash.
  const unverified = Object.entries(packages).filter(
    ([path, { inBundle, integrity, link }]) =>
      !['', 'bin'].includes(path) && !inBundle && !link && !integrity?.startsWith('sha512-'),
  );
  expect(unverified.map(([path]) => path)).toEqual([]);
});

it('names no registry but the public one: npm ci asks the registry that is configured, wherever it runs', () => {
  const elsewhere = Object.values(packages).filter(
    ({ link, resolved = 'https://registry.npmjs.org/' }) =>
      !link && !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(elsewhere).toEqual([]);
});

it('has versions of this software and of its dependencies that package.json asks for', () => {
  const wanted = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(packages['']).toMatchObject({
    version: wanted.version,
    dependencies: wanted.dependencies,
    devDependencies: wanted.devDependencies,
  });
});
