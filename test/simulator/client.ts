import { ConnectClient } from '@aws-sdk/client-connect';

/** An SDK client as an application would make it, but that it never tries again. */
export const connectClient = (url: string, accessKeyId = 'simulator'): ConnectClient =>
  new ConnectClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'simulator' },
    maxAttempts: 1,
  });
