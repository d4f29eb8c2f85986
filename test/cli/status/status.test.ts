import { type OperatorsWorld, operatorsWorld } from '../../doctor/operators-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';

const newFolder = temporaryFolders();
const own = process.env;
let world: OperatorsWorld;

beforeAll(async () => {
  world = await operatorsWorld(newFolder());
});

afterEach(() => world.restore());

afterAll(async () => {
  process.env = own;
  await world.close();
});

it('has three lines below the id of each instance', async () => {
  const { exitCode, stdout, stderr } = await type('status');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    world.simulator.instanceId,
    expect.stringMatching(/^ {2}last snapshot {2}\d{4}-\d\d-\d\d, 20 rows, .* old$/),
    '  last run       SUCCEEDED (started 2026-11-23T02:00:00.000Z)',
    expect.stringMatching(/^ {2}next run {7}\d{4}-\d\d-\d\d at 02:00 \(Europe\/Berlin\)$/),
    '',
  ]);
});

it('ends with 1 where a snapshot is late', async () => {
  world.describe({ next_due: '2020-01-01' });
  const { exitCode, stdout, stderr } = await type('status', '--format', 'json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ instance_id: world.simulator.instanceId, late: true }),
  ]);
  expect(stderr).toBe(
    `A snapshot is late for ${world.simulator.instanceId}: run npx proficiencies doctor, which says why.\n`,
  );
});

it('tells how far a run is, and that no schedule starts one', async () => {
  const answer = { instanceId: 'i-1', percent: 40, estimatedSecondsLeft: 900 };
  const run = { executionArn: 'arn:x', status: 'RUNNING', startDate: 1_795_399_200 };
  const exited = { name: 'Export a slice', output: JSON.stringify({ slice: { answer } }) };
  world.standIn.answer('states:ListExecutions', { result: { executions: [run] } });
  world.standIn.answer('states:GetExecutionHistory', {
    result: { events: [{ id: 1, stateExitedEventDetails: exited }] },
  });
  world.standIn.answer('scheduler:GetSchedule', { result: { State: 'DISABLED' } });
  const { stdout } = await type('status');
  expect(stdout).toContain('RUNNING (started 2026-11-23T02:00:00.000Z, 40 % of i-1)');
  expect(stdout).toContain('next run       by no schedule');
});

it('says in one sentence what AWS denies', async () => {
  world.standIn.answer('scheduler:GetSchedule', { error: 'AccessDeniedException', message: 'No.' });
  expect(await type('status')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^Amazon EventBridge Scheduler refused scheduler:GetSchedule .*\n$/,
    ),
  });
});

it('asks whoever brought a bucket along for its name, and looks there', async () => {
  world.standIn.answer('cloudformation:ListStackResources', {
    result: {
      StackResourceSummaries: {
        member: [
          {
            LogicalResourceId: 'MyAppWorkflowStateMachineFF61BB5D',
            ResourceType: 'AWS::StepFunctions::StateMachine',
            PhysicalResourceId: 'arn:aws:states:us-east-1:123456789012:stateMachine:x',
          },
        ],
      },
    },
  });
  expect(await type('status', '--stack', 'MyApp')).toMatchObject({
    exitCode: 1,
    stderr:
      'The stack MyApp has no bucket of its own: give the name of the bucket with --bucket.\n',
  });
  const { exitCode, stdout } = await type(
    ...['status', '--stack', 'MyApp', '--bucket', world.s3.bucket],
  );
  expect({ exitCode, lines: stdout.split('\n') }).toEqual({
    exitCode: 0,
    lines: expect.arrayContaining([
      expect.stringMatching(/^ {2}last snapshot {2}\d{4}-\d\d-\d\d, 20 rows, /),
    ]),
  });
});
