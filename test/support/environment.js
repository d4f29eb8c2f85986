import { AsyncLocalStorage } from 'node:async_hooks';
import vm from 'node:vm';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/**
 * Has jest compile for Node's own globals where it asks for them: jest always names a context, and Node takes no name for
 * its own.
 */
const { compileFunction } = vm;
vm.compileFunction = (code, parameters, { parsingContext, ...options } = {}) =>
  compileFunction(code, parameters, {
    ...options,
    ...(parsingContext !== globalThis && { parsingContext }),
  });

/**
 * The storages in which something has run. Before Node.js 24 each of them makes every promise of the process dearer for as
 * long as it is not disabled, and jest makes one for each suite: after 45 suites a promise took 25 times as long.
 */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...words) {
  storages.add(this);
  return run.apply(this, words);
};

/** What jest keeps among the globals: its listeners would hear of every test of all suites that follow. */
const OF_A_SUITE = new Set(['EVENT_HANDLERS', 'JEST_STATE_SYMBOL']);

/**
 * Where a suite runs: among the globals of the process itself, where jest's own environment makes globals of its own for
 * each suite. Code that asks those for `Promise` or `setTimeout` takes many times as long, what Node.js loads
 * (test/support/native-module.js) takes a suite's `Error` for something else, and so does the suite with Node's.
 *
 * Suites still have modules of their own. What they share are the globals of a process that runs one suite after the
 * other, so what it changes of `process` is undone after each.
 */
// biome-ignore lint/style/noDefaultExport: jest asks for it.
export default class OneRealm {
  global = globalThis;
  fakeTimers = null;
  moduleMocker = new ModuleMocker(globalThis);
  #ofProcess = { ...processState(), variables: { ...process.env } };
  #console = globalThis.console;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {
    // jest has replaced it by one that hands out its own node:module.
    process.getBuiltinModule = this.#ofProcess.getBuiltinModule;
  }

  async teardown() {
    const { variables, ...state } = this.#ofProcess;
    this.fakeTimersModern.dispose();
    globalThis.console = this.#console;
    for (const storage of storages) storage.disable();
    storages.clear();
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (OF_A_SUITE.has(symbol.description)) Reflect.deleteProperty(globalThis, symbol);
    }
    Object.assign(process, state);
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return globalThis;
  }
}

/** What jest or a suite puts something else in the place of. */
function processState() {
  const { env, exit, exitCode, getBuiltinModule } = process;
  return { env, exit, exitCode, getBuiltinModule };
}
