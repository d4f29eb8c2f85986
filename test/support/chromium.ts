import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

/** What the window is like. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  /** Whether the page's own scripts run; default: true. */
  readonly scripts?: boolean;
}

export const DESK = { width: 1280, height: 900, scheme: 'light' } as const satisfies Viewport;
export const TELEPHONE = { width: 390, height: 844, scheme: 'dark' } as const satisfies Viewport;

/** A page in a real browser. */
export interface BrowserPage {
  /** Errors and warnings of console, policy and network so far. */
  readonly complaints: readonly string[];
  /** The addresses asked for so far. */
  readonly requests: readonly string[];
  /** Runs an expression in the page; its value, or what its promise comes to, comes back by way of JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** A command of the DevTools protocol. */
  send(method: string, params?: object): Promise<unknown>;
  close(): Promise<void>;
}

export interface Chromium {
  /** Opens an address and waits until it is loaded. */
  open(url: string, viewport: Viewport): Promise<BrowserPage>;
  /** Opens an address for as long as something is done with the page. */
  look<T>(url: string, viewport: Viewport, at: (page: BrowserPage) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const messageSchema = z.object({
  id: z.number().optional(),
  sessionId: z.string().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
type Message = z.infer<typeof messageSchema>;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

/** The DevTools protocol over the browser's pipes 3 and 4: JSON messages, each ended by a zero byte. */
class Connection {
  readonly events = new EventEmitter();
  readonly #output: Writable;
  #lastId = 0;

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    let unread = '';
    input.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = `${unread}${chunk}`.split('\0');
      unread = messages.pop() ?? '';
      for (const text of messages) this.#receive(messageSchema.parse(JSON.parse(text)));
    });
  }

  #receive(message: Message): void {
    if (message.id === undefined) this.events.emit(`${message.sessionId}`, message);
    else this.events.emit(`answer ${message.id}`, message);
  }

  async send(method: string, params: object, sessionId?: string): Promise<unknown> {
    const id = ++this.#lastId;
    const answered = once(this.events, `answer ${id}`);
    this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const [answer] = await answered;
    const { error, result } = messageSchema.parse(answer);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}

const target = z.object({ targetId: z.string() });
const session = z.object({ sessionId: z.string() });
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
});
const requested = z.object({ request: z.object({ url: z.string() }) });

const COMPLAINTS = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'];

async function openPage(
  connection: Connection,
  url: string,
  viewport: Viewport,
): Promise<BrowserPage> {
  const { targetId } = target.parse(
    await connection.send('Target.createTarget', { url: 'about:blank' }),
  );
  const { sessionId } = session.parse(
    await connection.send('Target.attachToTarget', { targetId, flatten: true }),
  );
  const send = (method: string, params: object = {}) => connection.send(method, params, sessionId);
  const complaints: string[] = [];
  const requests: string[] = [];
  const loaded = new Promise<void>((resolve) => {
    connection.events.on(sessionId, ({ method = '', params }: Message) => {
      if (COMPLAINTS.includes(method)) complaints.push(JSON.stringify(params));
      if (method === 'Network.requestWillBeSent')
        requests.push(requested.parse(params).request.url);
      if (method === 'Page.loadEventFired') resolve();
    });
  });
  for (const domain of ['Runtime', 'Log', 'Network', 'Page']) await send(`${domain}.enable`);
  const { width, height, scheme, scripts = true } = viewport;
  const metrics = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
  await send('Emulation.setDeviceMetricsOverride', metrics);
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await send('Emulation.setEmulatedMedia', { features });
  await send('Emulation.setScriptExecutionDisabled', { value: !scripts });
  await send('Page.navigate', { url });
  await loaded;
  return {
    complaints,
    requests,
    send,
    async evaluate(expression) {
      const answer = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      const { result, exceptionDetails } = evaluated.parse(answer);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    async close() {
      await connection.send('Target.closeTarget', { targetId });
    },
  };
}

function pipesOf(browser: ChildProcess): readonly [Writable, Readable] {
  const [, , , output, input] = browser.stdio;
  if (!output || !input || !('write' in output) || !('read' in input)) {
    throw new Error('The browser has no pipes.');
  }
  return [output, input];
}

/**
 * Starts the system's Chromium (`apt-get install chromium`), without a window.
 *
 * @param profile an empty folder for the browser's own files
 */
export async function startChromium(profile: string): Promise<Chromium> {
  const browser = spawn('chromium', [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  await once(browser, 'spawn').catch((error: unknown) => {
    const message = 'Chromium cannot be started; install it by apt-get install chromium.';
    throw new Error(message, { cause: error });
  });
  const connection = new Connection(...pipesOf(browser));
  const open = (url: string, viewport: Viewport) => openPage(connection, url, viewport);
  return {
    open,
    async look(url, viewport, at) {
      const page = await open(url, viewport);
      try {
        return await at(page);
      } finally {
        await page.close();
      }
    },
    async close() {
      const exit = once(browser, 'exit');
      await connection.send('Browser.close', {});
      await exit;
    },
  };
}
