/** An error that Connect answers; the status of each type is that of its API model. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly status: number;
  /** The value of `x-amzn-errortype`. */
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

const error =
  (status: number, type: string) =>
  (message: string): ConnectError =>
    new ConnectError(status, type, message);

export const invalidRequest = error(400, 'InvalidRequestException');
export const invalidParameter = error(400, 'InvalidParameterException');
export const accessDenied = error(403, 'AccessDeniedException');
export const notFound = error(404, 'ResourceNotFoundException');
export const unknownOperation = error(404, 'UnknownOperationException');
export const throttled = error(429, 'ThrottlingException');
export const internalError = error(500, 'InternalServiceException');
