import { Match } from 'aws-cdk-lib/assertions';
import { FAILURE_NAMES } from '../../../contract/failure.ts';
import { definitionOf, type Retry } from '../../support/state-machine.ts';
import { INSTANCE_A, INSTANCE_B, synthesize } from '../../support/synthesize.ts';

const template = synthesize({ instanceIds: [INSTANCE_A, INSTANCE_B] });
const definition = definitionOf(template.toJSON());
const eachInstance = definition.States['For each instance'];
const slice = eachInstance?.ItemProcessor?.States['Export a slice'];

/** Everything that the tests with an emulator execute is said here again only where a number matters. */
describe('the workflow', () => {
  it('is a standard one, in JSONPath, that ends after two days at the latest', () => {
    expect(definition).toMatchObject({ QueryLanguage: 'JSONPath', TimeoutSeconds: 172_800 });
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
    });
  });

  it('visits one instance after the other', () => {
    expect(eachInstance).toMatchObject({ Type: 'Map', MaxConcurrency: 1 });
  });

  it('knows every configured instance by default, on schedule or not', () => {
    for (const name of ['Every instance', 'Every instance, on schedule']) {
      expect(definition.States[name]?.Parameters).toMatchObject({
        instanceIds: [INSTANCE_A, INSTANCE_B],
      });
    }
  });

  it('gives a slice a minute more than Lambda does', () => {
    expect(slice).toMatchObject({ TimeoutSeconds: 960 });
  });

  it('catches everything, so that the next instance has its turn', () => {
    expect(slice?.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'] }]);
  });

  it('tries again what another attempt may mend, with a bound', () => {
    const retried = slice?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried).toEqual(
      expect.arrayContaining([
        'ServiceUnavailable',
        'NoProgress',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.TooManyRequestsException',
        'Lambda.ResourceNotReadyException',
        'Lambda.ResourceConflictException',
        'Lambda.EC2ThrottledException',
        'Lambda.EC2UnexpectedException',
        'Lambda.ENILimitReachedException',
        'Lambda.SubnetIPAddressLimitReachedException',
        'Sandbox.Timedout',
        'States.Timeout',
      ]),
    );
    for (const retry of slice?.Retry ?? []) {
      expect(retry).toMatchObject({
        MaxAttempts: expect.any(Number),
        MaxDelaySeconds: expect.any(Number),
      });
      expect(retry.MaxAttempts).toBeLessThanOrEqual(10);
    }
  });

  it('waits for two hours at least where Connect is down', () => {
    const retry = slice?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('NoProgress'));
    expect(retry).toMatchObject({ JitterStrategy: 'NONE', MaxAttempts: 8, MaxDelaySeconds: 1800 });
  });

  it('does not try again what stays wrong', () => {
    const retried = new Set<string>(slice?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals));
    expect(FAILURE_NAMES.filter((name) => retried.has(name))).toEqual([
      'NoProgress',
      'ServiceUnavailable',
    ]);
    expect(retried).not.toContain('States.ALL');
    expect(retried).not.toContain('States.TaskFailed');
    expect(retried).not.toContain('Lambda.EC2AccessDeniedException');
    expect(retried).not.toContain('Lambda.ResourceNotFoundException');
  });

  it('logs below the prefix that needs no line of its own in the size-limited resource policy of CloudWatch Logs', () => {
    const uuidOfStack = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: {
        'Fn::Join': [
          '',
          [
            Match.stringLikeRegexp('^/aws/vendedlogs/states/[\\w-]+-$'),
            { 'Fn::Select': [4, { 'Fn::Split': ['-', uuidOfStack] }] },
          ],
        ],
      },
    });
  });

  it('logs everything that happens', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    });
  });
});

describe('what follows a publication', () => {
  const states = eachInstance?.ItemProcessor?.States ?? {};
  const following = [
    'Derive data',
    'Tell that it is published',
    'Report that data are not up to date',
  ];
  const catching = (next: string) => [
    expect.objectContaining({ ErrorEquals: ['States.ALL'], Next: next }),
  ];

  it('begins after either answer of a worker that says that the snapshot is there', () => {
    const choices = JSON.stringify(states['How far is it?']?.Choices);
    expect(choices).toMatch(/"PUBLISHED".*"ALREADY_PUBLISHED".*"Next":"Derive data"/);
    expect(choices).not.toContain('"Next":"Published"');
  });

  it('derives, tells of it, and ends as if neither had happened', () => {
    expect(states['Derive data']).toMatchObject({ Next: 'Tell that it is published' });
    expect(states['Tell that it is published']).toMatchObject({
      Next: 'Published',
      ResultPath: null,
    });
    expect(states.Published).toMatchObject({ OutputPath: '$.slice.answer', End: true });
  });

  it('reports a failure of either, and goes on whether or not that succeeds', () => {
    const [derive, tell, report] = following.map((name) => states[name]);
    expect(derive?.Catch).toEqual(catching('Report that data are not up to date'));
    expect(tell?.Catch).toEqual(catching('Report that data are not up to date'));
    expect(report).toMatchObject({ Next: 'Published', ResultPath: null });
    expect(report?.Catch).toEqual(catching('Published'));
  });

  it('waits for some minutes in all, not for hours, so that the next instance has its turn', () => {
    const seconds = following.map((name) =>
      (states[name]?.Retry ?? []).reduce((sum, retry) => sum + waits(retry), 0),
    );
    expect(seconds).toEqual([190, 30, 30]);
  });

  it('is tried again where another attempt may help, and not where it would cost a quarter of an hour', () => {
    const retried = states['Derive data']?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried).toEqual(
      expect.arrayContaining(['ServiceUnavailable', 'Lambda.TooManyRequestsException']),
    );
    for (const name of ['States.ALL', 'Sandbox.Timedout', 'Runtime.OutOfMemory', 'DamagedRun'])
      expect(retried).not.toContain(name);
  });

  it('is bounded in time', () => {
    expect(following.map((name) => states[name]?.TimeoutSeconds)).toEqual([960, 60, 60]);
  });

  it('sends no event where none is wanted, and may not', () => {
    const silent = synthesize({ eventsEnabled: false });
    const run =
      definitionOf(silent.toJSON()).States['For each instance']?.ItemProcessor?.States ?? {};
    expect(Object.keys(run)).not.toContain('Tell that it is published');
    expect(run['Derive data']).toMatchObject({ Next: 'Published' });
    expect(JSON.stringify(silent.toJSON())).not.toContain('events:PutEvents');
    expect(JSON.stringify(template.toJSON())).toContain('events:PutEvents');
  });
});

/** Seconds that a task waits between its attempts, if it fails every time. */
const waits = ({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }: Retry): number =>
  Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
  ).reduce((sum, seconds) => sum + seconds, 0);
