import { ConnectClient } from '@aws-sdk/client-connect';
import { S3Client } from '@aws-sdk/client-s3';

/** What any worker that reads Connect and writes to S3 must import. */
export const clients = [ConnectClient, S3Client];
