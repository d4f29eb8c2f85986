import { awsFault, type Cause, credentialsFailure, quoted } from '../../lambda/aws-fault.ts';

const sdkError = (name: string, status?: number, message = ''): Error =>
  Object.assign(new Error(message), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status, attempts: 3 } }),
  });

it.each<[string, number | undefined, Cause]>([
  ['ThrottlingException', 400, 'throttled'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['SlowDown', 503, 'throttled'],
  ['Anything', 429, 'throttled'],
  ['ServiceUnavailableException', 503, 'unavailable'],
  ['InternalServiceException', 500, 'unavailable'],
  ['ResourceNotFoundException', 404, 'gone'],
  ['CredentialsProviderError', undefined, 'no credentials'],
  ['TokenProviderError', undefined, 'no credentials'],
  ['ExpiredTokenException', 400, 'bad credentials'],
  ['SignatureDoesNotMatch', 403, 'bad credentials'],
  ['InvalidAccessKeyId', 403, 'bad credentials'],
  ['RequestTimeTooSkewed', 403, 'clock'],
  ['AccessDeniedException', 403, 'denied'],
  ['AccessDenied', 403, 'denied'],
  ['SomethingNew', 403, 'other'],
  ['UnknownError', 301, 'not aws'],
  ['SyntaxError', 302, 'not aws'],
  ['PermanentRedirect', 301, 'other region'],
  ['InvalidObjectState', 403, 'archived'],
  ['KMS.AccessDeniedException', 400, 'denied'],
  ['KMS.DisabledException', 400, 'key disabled'],
  ['KMS.NotFoundException', 400, 'key gone'],
  ['KMS.KMSInvalidStateException', 400, 'key state'],
  ['KMS.InvalidStateException', 400, 'key state'],
  ['KMS.ThrottlingException', 400, 'throttled'],
  ['KMS.KMSInternalException', 500, 'unavailable'],
  ['KMS.DependencyTimeoutException', 400, 'unavailable'],
  ['KMS.SomethingNew', 400, 'other'],
  ['SomethingNew', 400, 'other'],
  ['TimeoutError', undefined, 'network'],
  ['ProxyError', undefined, 'proxy'],
])('%s with HTTP %p is %s', (name, status, cause) => {
  expect(awsFault(sdkError(name, status))).toMatchObject({ cause, name, status });
});

it.each<[string, Cause]>([
  ['ECONNREFUSED', 'network'],
  ['ENOTFOUND', 'network'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
])('an error with the code %s is of the %s', (code, cause) => {
  expect(awsFault(Object.assign(new Error(), { code }))).toMatchObject({ cause, name: code });
});

it.each([
  [{ requestId: '1a2b-3c' }, '1a2b-3c'],
  [{ requestId: 'ID', extendedRequestId: 'ab+/c=' }, 'ID and ab+/c='],
  [{ requestId: 'Jane Doe <jane@example.com>' }, undefined],
  [{ requestId: 5 }, undefined],
  [{}, undefined],
])('takes the ids that AWS Support asks for, and nothing else: %j', ($metadata, requestId) => {
  expect(awsFault(Object.assign(new Error(), { $metadata }))).toMatchObject({ requestId });
});

it('tells a wrong clock from a wrong signature', () => {
  const late = 'Signature expired: 20261123T010000Z is now earlier than 20261123T015500Z';
  const fault = awsFault(sdkError('InvalidSignatureException', 403, late));
  expect(fault.cause).toBe('clock');
  expect(credentialsFailure(fault)?.message).toMatch(/set the clock of this computer/);
});

it.each([undefined, null, 'nonsense', 5, {}])('reads whatever can be thrown: %p', (thrown) => {
  expect(awsFault(thrown)).toMatchObject({ cause: 'other', status: undefined });
});

it.each([
  ['Denied for arn:aws:iam::123456789012:user/jane now', 'AWS says: "Denied for arn:… now"'],
  ['Ask jane@example.com\n  of 123456789012.', 'AWS says: "Ask … of …."'],
  ['x'.repeat(2000), `AWS says: "${'x'.repeat(500)}…"`],
  ['No.\u001b[2J\u0007 Ask others', 'AWS says: "No. [2J Ask others"'],
  [' ', 'AWS gives no reason'],
])('quotes without persons and accounts, on one line of bounded length: %j', (reason, quote) => {
  expect(quoted(awsFault(new Error(reason)))).toBe(quote);
});
