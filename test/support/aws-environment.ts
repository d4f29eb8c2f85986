/** The variables by which an SDK finds a server on this machine, and credentials that mean nothing. */
export const awsEnvironment = (s3Url: string): Readonly<Record<string, string>> => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_S3: s3Url,
});
