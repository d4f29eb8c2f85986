import {
  loadConfig,
  NODE_REGION_CONFIG_FILE_OPTIONS,
  NODE_REGION_CONFIG_OPTIONS,
} from '@smithy/core/config';
import { ExportFailure } from '../contract/failure.ts';

/**
 * The Region that the SDK would find, by the environment and the profile.
 *
 * @throws ExportFailure InvalidRequest where there is none
 */
export async function configuredRegion(): Promise<string> {
  try {
    return await loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS)();
  } catch (error) {
    throw new ExportFailure(
      'InvalidRequest',
      'There is no valid AWS Region to ask in: set AWS_REGION or the region of the AWS profile, or give --region.',
      { cause: error },
    );
  }
}
