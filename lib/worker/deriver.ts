import { Duration } from 'aws-cdk-lib';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import { type FunctionProps, nodeFunction } from './node-function.ts';
import { derivedStatements, keyStatements } from './permissions.ts';

/** The longest that AWS Lambda allows; most of the time seconds are enough. */
export const DERIVE_LIMIT = Duration.minutes(15);

/**
 * It computes, where the worker waits: with this much memory a function has one whole processor (AWS Lambda Developer Guide,
 * "Configure Lambda function memory"). With less it would take longer, and cost the same.
 */
export const MEMORY_MIB = 1769;

/** The function that derives data from published snapshots. It knows the bucket alone, and nothing of Amazon Connect. */
export class Deriver extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    this.function = nodeFunction(this, props, {
      description:
        'Derives the newest proficiencies, and what changed, from published snapshots, and compares them with targets',
      name: 'deriver',
      timeout: DERIVE_LIMIT,
      memoryMiB: MEMORY_MIB,
      environment: {},
      role: {
        description: 'Of the deriver: reads published snapshots, writes what is derived from them',
        statements: [
          ...derivedStatements(props.bucket),
          ...keyStatements(props.bucket, props.encryptionKey),
        ],
        wildcards: 'Ends in one prefix of one bucket, whose objects are not known before a run.',
      },
    });
  }
}
