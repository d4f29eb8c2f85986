import { installTrino } from './installation.ts';
import { javaHome } from './java.ts';

/** Run before the suite: gets Trino where it is missing, or says in a sentence why the suite cannot run. */
try {
  javaHome(process.env);
  await installTrino(process.env, (sentence) => console.log(sentence));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
