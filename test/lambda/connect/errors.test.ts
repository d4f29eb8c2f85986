import { UserFailure } from '../../../export/ports.ts';
import { listFailure, userFailure } from '../../../lambda/connect/errors.ts';

const question = {
  operation: 'list_user_proficiencies',
  instanceId: '99999999-2222-4333-8444-555555555555',
  region: 'eu-west-2',
} as const;

const sdkError = (name: string, more: object = {}): Error =>
  Object.assign(new Error('Words of the server about José.'), { name, ...more });

describe('an error of the SDK', () => {
  it('gives its name, status and attempts, and none of the words of the server', () => {
    const metadata = { $metadata: { httpStatusCode: 500, attempts: 19 } };
    const failure = userFailure(sdkError('InternalServiceException', metadata), question);
    expect(failure.name).toBe('InternalServiceException');
    expect(failure.message).toBe(
      'ListUserProficiencies in eu-west-2 ended with InternalServiceException (HTTP 500) after 19 attempts.',
    );
    expect(failure.cause).toBeUndefined();
  });

  it('is told from an answer of something else, whatever its status', () => {
    const page = sdkError('SyntaxError', { $metadata: { httpStatusCode: 503, attempts: 19 } });
    expect(listFailure(page, question).message).toMatch(
      /^ListUserProficiencies in eu-west-2 was answered with HTTP 503, but not with what Connect answers/,
    );
  });

  it('is named by its code where it has no name', () => {
    expect(userFailure(sdkError('Error', { code: 'ECONNREFUSED' }), question).name).toBe(
      'ECONNREFUSED',
    );
  });

  it('may be anything that can be thrown', () => {
    expect(userFailure(undefined, question).message).toMatch(/ended with undefined/);
    expect(listFailure('nonsense', question).name).toBe('ServiceUnavailable');
  });

  it.each([
    ['CredentialsProviderError', {}],
    ['ExpiredTokenException', {}],
    ['InvalidSignatureException', {}],
  ])('ends the run where no user can be read: %s', (name, more) => {
    expect(userFailure(sdkError(name, more), question).name).toBe('AccessDenied');
  });

  it.each([
    ['NoSuchBucket', 404],
    ['Novelty', 400],
  ])('is quoted where it is not known of Connect: %s', (name, httpStatusCode) => {
    expect(listFailure(sdkError(name, { $metadata: { httpStatusCode } }), question)).toMatchObject({
      name: 'ServiceUnavailable',
      message: `Amazon Connect answered ${name} (HTTP ${httpStatusCode}) for ListUserProficiencies in eu-west-2 (AWS says: "Words of the server about José."): act on what AWS says, then try again.`,
    });
  });

  it.each([
    ['AccessDeniedException', {}, 'AccessDenied', /connect:ListUserProficiencies .*allow it on/],
    [
      'OptInRequired',
      { $metadata: { httpStatusCode: 403 } },
      'ServiceUnavailable',
      /answered OptInRequired \(HTTP 403\).*act on what AWS says/,
    ],
  ])('may be a denial of this user or of all: %s', (name, more, ending, sentence) => {
    const failure = userFailure(sdkError(name, more), question);
    expect(failure).toBeInstanceOf(UserFailure);
    expect(failure).toMatchObject({
      name,
      message: expect.stringContaining('AWS says: "Words of the server about José."'),
      denial: {
        name: ending,
        message: expect.stringMatching(sentence),
      },
    });
  });
});
