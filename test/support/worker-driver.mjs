/**
 * Stands in for the Lambda runtime: loads a bundle, invokes its handler as often as the parent process
 * asks, and hands the answers back. Forked by worker-process.ts.
 *
 * Argument: the path of the bundle.
 */
import { pathToFileURL } from 'node:url';

const LAMBDA_LIMIT_MS = 15 * 60_000;

const { handler } = await import(pathToFileURL(process.argv[2]).href);

/** An invocation that is over by the clock or, so that a test can cut it where it wants, by looks at it. */
function contextOf({ looks = Number.POSITIVE_INFINITY }) {
  const end = Date.now() + LAMBDA_LIMIT_MS;
  let looked = 0;
  return {
    functionName: 'worker',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:worker',
    memoryLimitInMB: '512',
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => (looked++ < looks ? end - Date.now() : 0),
  };
}

async function answerTo({ event, life }) {
  try {
    return { result: await handler(event, contextOf(life)) };
  } catch (error) {
    // Lambda's own line about the error calls it by its class.
    return {
      failure: { type: error.constructor.name, name: error.name, message: error.message },
    };
  }
}

process.on('message', async (invocation) => process.send(await answerTo(invocation)));
process.on('disconnect', () => process.exit());
process.send('ready');
