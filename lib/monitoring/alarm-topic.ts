import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** Encrypts the messages; its policy must let alarms use it. @default - not encrypted at rest by a key of yours */
  readonly encryptionKey?: IKey | undefined;
}

/** Where alarms go. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Proficiency exporter',
      enforceSSL: true,
      ...(props.encryptionKey && { masterKey: props.encryptionKey }),
    });
    // A topic with a policy (enforceSSL makes one) loses the default that lets CloudWatch publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LetAlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              resourceName: '*',
            }),
          },
        },
      }),
    );
  }
}
