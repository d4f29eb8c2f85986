import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { httpStub } from '../../../support/http-stub.ts';

const PROGRAM = `
  import { connectGateway } from './lambda/connect/gateway.ts';
  const gateway = connectGateway({ requestsPerSecond: 1000, warnings: console });
  const { connect } = await gateway.open();
  const { signal } = new AbortController();
  const read = connect.proficiencyReader('instance', signal);
  await Promise.all(Array.from({ length: 100 }, () => read('user')));
  gateway.close();
`;

// In a process of its own: jest keeps Node's warnings from its tests.
it('a hundred users may share the signal of a slice without a warning of Node', async () => {
  const stub = await httpStub({ status: 200, body: '{}' });
  const words = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
  const { stderr } = await promisify(execFile)(process.execPath, words, {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL_CONNECT: stub.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'exporter',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  await stub.close();
  expect(stderr).toBe('');
  expect(stub.requests).toHaveLength(100);
});
