/** What a write can ask S3 to encrypt an object with, as S3's header and the AWS CLI name it. */
export const SERVER_SIDE_ENCRYPTIONS = ['AES256', 'aws:kms'] as const;

/** The encryption that every write asks S3 for. */
export interface ServerSideEncryption {
  /** `AES256`: keys of S3. `aws:kms`: a key of KMS. */
  readonly algorithm: (typeof SERVER_SIDE_ENCRYPTIONS)[number];
  /** Id or ARN of the key, of `aws:kms` only. Default: the key `aws/s3`, which AWS manages. */
  readonly kmsKeyId?: string | undefined;
}
