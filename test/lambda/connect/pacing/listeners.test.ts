import { setImmediate as turn } from 'node:timers/promises';
import { connectGateway } from '../../../../lambda/connect/gateway.ts';
import { awsEnvironment } from '../../../support/aws-environment.ts';
import { httpStub } from '../../../support/http-stub.ts';

it('a hundred users may share the signal of a slice without a warning of Node', async () => {
  const stub = await httpStub({ status: 200, body: '{}' });
  Object.assign(process.env, awsEnvironment(stub.url), { AWS_ENDPOINT_URL_CONNECT: stub.url });
  const warnings: Error[] = [];
  const note = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', note);
  const gateway = connectGateway({
    requestsPerSecond: 1000,
    includeUserDetails: 'off',
    includePredefinedAttributes: false,
    warnings: console,
  });
  try {
    const { connect } = await gateway.open();
    const { signal } = new AbortController();
    const read = connect.proficiencyReader('instance', signal);
    await Promise.all(Array.from({ length: 100 }, () => read('user')));
    // Node tells of a warning one turn later.
    await turn();
    expect(warnings).toEqual([]);
    expect(stub.requests).toHaveLength(100);
  } finally {
    process.off('warning', note);
    gateway.close();
    await stub.close();
  }
});
