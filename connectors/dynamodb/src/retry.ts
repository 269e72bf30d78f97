import { StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';

/** Attempts of a request that failed on its way or at the service. */
const ATTEMPTS = 3;

/** The AWS SDK's retries but for throttling, for which the connector's own back-off slows down every call of the function. */
export class TransientRetry extends StandardRetryStrategy {
  constructor() {
    super(ATTEMPTS);
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    error: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    if (error.errorType === 'THROTTLING') throw new Error('throttling is not retried here');
    return super.refreshRetryTokenForRetry(token, error);
  }
}
