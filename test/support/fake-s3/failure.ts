/** An answer of S3 that is an error: its HTTP status and code. */
export class S3Failure extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** @param region which S3 names, but for what stands between it and its client */
export const wrongRegion = (region?: string): S3Failure =>
  new S3Failure(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    region === undefined ? {} : { 'x-amz-bucket-region': region },
  );

export const preconditionFailed = (): S3Failure =>
  new S3Failure(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
  );
