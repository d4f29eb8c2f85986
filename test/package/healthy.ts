import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';

/* Prints what is wrong with a tarball, and with the folder into which npm has installed it. A program: jest loads no ES modules. */

const [tarball = '', installed = ''] = process.argv.slice(2);
const types = await checkPackage(
  createPackageFromTarballData(new Uint8Array(readFileSync(tarball))),
);
const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
console.log(JSON.stringify({ types: types.types && types.problems, messages }));
