/**
 * The names of the worker's environment variables: lib/ sets them, the handler parses them.
 *
 * Region, credentials and endpoints are not among them: they come by the AWS SDK's own variables.
 */
export const ENVIRONMENT = {
  /** The bucket of all keys. Required. */
  bucket: 'EXPORT_BUCKET',
  /** IANA name of the time zone that gives a run its snapshot date. Default `UTC`. */
  timeZone: 'SNAPSHOT_TIME_ZONE',
  /** `cron(…)` or `rate(…)`, by which manifests say when the next snapshot is due. Default: none is. */
  schedule: 'SNAPSHOT_SCHEDULE',
  /** Share of the applied Connect quota that may be used: above 0, at most 1. Default 0.8. */
  quotaShare: 'QUOTA_SHARE',
  /** A fixed rate instead of a share, in requests per second per operation. */
  requestsPerSecond: 'REQUESTS_PER_SECOND',
  /** How many users may fail before a snapshot counts as incomplete; at most 1000. Default 0. */
  allowedFailedUsers: 'ALLOWED_FAILED_USERS',
  /** `true` or `false`: whether rows carry login names. Default `true`. */
  includeUsernames: 'INCLUDE_USERNAMES',
  /** `names`, `teams` or `off`: what rows say of a user besides. Default `teams`. */
  includeUserDetails: 'INCLUDE_USER_DETAILS',
  /** `true` or `false`: whether the predefined attributes are read. Default `true`. */
  includePredefinedAttributes: 'INCLUDE_PREDEFINED_ATTRIBUTES',
  /** `AES256` or `aws:kms`: sent with every write. Default: not sent, the bucket's default encryption applies. */
  serverSideEncryption: 'SERVER_SIDE_ENCRYPTION',
  /** Id or ARN of the KMS key that goes with `aws:kms`. Default: the key `aws/s3`. */
  sseKmsKeyId: 'SSE_KMS_KEY_ID',
} as const;
