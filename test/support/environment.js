import { AsyncLocalStorage } from 'node:async_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

// No suite runs for long enough to have back the time in which V8 optimizes what has run for a while: without waiting fifteen times
// as long, it takes a sixth of all. Later versions have no such flag, and another compiler before that one.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--interrupt-budget=1000000');

/**
 * Has jest compile each module once per process, where it would do so for every suite that loads it: what is compiled is a
 * function that makes the module anew each time it is called. Jest also names a context to compile for, and Node takes no
 * name for its own.
 */
const { compileFunction } = vm;
const compiled = new Map();
vm.compileFunction = (code, parameters, { parsingContext, ...options } = {}) => {
  if (parsingContext !== globalThis) {
    return compileFunction(code, parameters, { ...options, parsingContext });
  }
  const known = compiled.get(options.filename);
  if (known?.code === code) return known.module;
  const module = compileFunction(code, parameters, options);
  compiled.set(options.filename, { code, module });
  return module;
};

/**
 * Jest runs each test in an AsyncLocalStorage of its own, with which it finds out whose an error is that nobody caught.
 * Before Node.js 24 every promise of the process is dearer for as long as one is in use, so jest's is not: it is the first
 * in which a suite runs something.
 */
const { run } = AsyncLocalStorage.prototype;
let ofJest;
AsyncLocalStorage.prototype.run = function (store, callback, ...words) {
  ofJest ??= this;
  return this === ofJest ? callback(...words) : run.call(this, store, callback, ...words);
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
    // Jest has made it 100; the CDK takes a stack trace of each resource, and jest looks each of its lines up in source maps.
    Error.stackTraceLimit = 10;
  }

  async teardown() {
    const { variables, ...state } = this.#ofProcess;
    this.fakeTimersModern.dispose();
    globalThis.console = this.#console;
    ofJest = undefined;
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
